import { randomUUID } from "node:crypto";
import { type Case, post, rpc, words } from "./case.ts";

const CHECK = /violates check constraint "\w+"$/;

/** Bad input about conversations, messages, feedback and usage. */
export const assistantCases: readonly Case[] = [
  ...["", "tool", "User"].map(
    (role): Case => ({
      name: `A2 a message by ${JSON.stringify(role)}`,
      call: (world) => post("messages", words(world, { role })),
      status: 400,
      code: "23514",
      message: /violates check constraint "role_is_known"$/,
    }),
  ),
  ...([["nothing", ""], ["100 001 characters", "x".repeat(100_001)], ["10 MB", "x".repeat(10 * 1024 * 1024)]] as const)
    .map(
      ([what, content]): Case => ({
        name: `A2 a message of ${what}`,
        call: (world) => post("messages", words(world, { content })),
        status: 400,
        code: "23514",
        message: /violates check constraint "content_has_1_to_100000_characters"$/,
      }),
    ),
  {
    name: "A2 a batch of which one message is bad",
    call: (world) => post("messages", [words(world, {}), words(world, {}), words(world, { role: "nobody" })]),
    status: 400,
    code: "23514",
    message: /violates check constraint "role_is_known"$/,
  },
  {
    name: "A2 an unknown conversation",
    call: (world) => post("messages", words(world, { conversation_id: randomUUID() })),
    status: 409,
    code: "23503",
    message: /violates foreign key constraint "messages_tenant_id_conversation_id_fkey"$/,
  },
  {
    name: "A1 an archived conversation",
    call: (world) => post("messages", words(world, { conversation_id: world.archived })),
    status: 409,
    code: "PT409",
    message: /^The conversation is archived\.$/,
  },
  ...(["token_count", "latency_ms"] as const).map(
    (column): Case => ({
      name: `A2 a negative ${column}`,
      call: (world) => post("messages", words(world, { [column]: -1 })),
      status: 400,
      code: "23514",
      message: CHECK,
    }),
  ),
  ...[1.5, 1e300, "many", {}].map(
    (token_count): Case => ({
      name: `A2 ${JSON.stringify(token_count)} tokens`,
      call: (world) => post("messages", words(world, { token_count })),
      status: 400,
      code: /^22(P02|003)$/,
      message: /^(invalid input syntax for type integer|value .* is out of range for type integer)/,
    }),
  ),
  {
    name: "A2 more tokens than an integer holds",
    call: (world) => post("messages", words(world, { token_count: 2 ** 31 })),
    status: 400,
    code: "22003",
    message: /is out of range for type integer$/,
  },
  ...([["an array", [1]], ["a number", 7], ["a text", "text"], ["1 MB", { a: "x".repeat(1024 * 1024) }]] as const).map(
    ([what, metadata]): Case => ({
      name: `A2 metadata that are ${what}`,
      call: (world) => post("messages", words(world, { metadata })),
      status: 400,
      code: "23514",
      message: /violates check constraint "metadata_is_an_object_of_at_most_64_kb"$/,
    }),
  ),
  {
    name: "A2 metadata that are null",
    call: (world) => post("messages", words(world, { metadata: null })),
    status: 400,
    code: "23502",
    message: /^null value in column "metadata"/,
  },
  {
    name: "A2 metadata with a NUL character",
    call: (world) => post("messages", words(world, { metadata: { a: "\u0000" } })),
    status: 400,
    code: "22P05",
    message: /^unsupported Unicode escape sequence$/,
  },
  {
    name: "A2 content with a NUL character",
    call: (world) => post("messages", words(world, { content: "a\u0000b" })),
    status: 400,
    // PostgREST hands over json, the local API a text.
    code: /^22(P05|021)$/,
    message: /^(unsupported Unicode escape sequence|invalid byte sequence for encoding "UTF8": 0x00)$/,
  },

  ...["sideways", "", "UP", "1"].map(
    (rating): Case => ({
      name: `A3 the rating ${JSON.stringify(rating)}`,
      call: ({ tenant, message }) => rpc("rate_message", { tenant_id: tenant, message_id: message, rating }),
      status: 400,
      code: "23514",
      message: /violates check constraint "rating_is_up_or_down"$/,
    }),
  ),
  {
    name: "A3 no rating",
    call: ({ tenant, message }) => rpc("rate_message", { tenant_id: tenant, message_id: message, rating: null }),
    status: 400,
    code: "23502",
    message: /^null value in column "rating"/,
  },
  {
    name: "A3 an unknown message",
    call: ({ tenant }) => rpc("rate_message", { tenant_id: tenant, message_id: randomUUID(), rating: "up" }),
    status: 409,
    code: "23503",
    message: /violates foreign key constraint "feedback_tenant_id_message_id_fkey"$/,
  },
  {
    name: "A3 a comment that is too long",
    call: ({ tenant, message }) =>
      rpc("rate_message", { tenant_id: tenant, message_id: message, rating: "up", comment: "x".repeat(5001) }),
    status: 400,
    code: "23514",
    message: CHECK,
  },
  ...[{ tokens: -1 }, { messages: -1 }, { cost: -0.000001 }, { cost: "NaN" }, { tokens: null }, { cost: null }].map(
    (figures): Case => ({
      name: `A4 usage of ${JSON.stringify(figures)}`,
      call: ({ tenant }) => rpc("increment_usage", { tenant_id: tenant, ...figures }),
      status: 400,
      code: "22023",
      message: /^tokens, messages and cost must be numbers from 0 up\.$/,
    }),
  ),
  ...[{ cost: "Infinity" }, { cost: "1e12" }, { tokens: "9223372036854775808" }].map(
    (figures): Case => ({
      name: `A4 usage of ${JSON.stringify(figures)}`,
      call: ({ tenant }) => rpc("increment_usage", { tenant_id: tenant, ...figures }),
      status: 400,
      code: "22003",
      message: /^(numeric field overflow|value ".*" is out of range for type bigint)$/,
    }),
  ),
  ...[{ tokens: "many" }, { tokens: 0.5 }, { cost: "free" }, { tenant_id: "acme" }].map(
    (figures): Case => ({
      name: `A4 usage of ${JSON.stringify(figures)}`,
      call: ({ tenant }) => rpc("increment_usage", { tenant_id: tenant, ...figures }),
      status: 400,
      code: "22P02",
      message: /^invalid input syntax for type \w+: ".*"$/,
    }),
  ),
  ...[{ tokens: 1_000_000_000_001 }, { messages: 1_000_000_001 }, { cost: 1_000_000_001 }].map(
    (figures): Case => ({
      name: `A4 usage of ${JSON.stringify(figures)}`,
      call: ({ tenant }) => rpc("increment_usage", { tenant_id: tenant, ...figures }),
      status: 400,
      code: "23514",
      message: CHECK,
    }),
  ),
  {
    name: "A5 an age that is none",
    call: () => rpc("archive_old_conversations", { older_than: "yesterday" }),
    status: 400,
    code: "22007",
    message: /^invalid input syntax for type interval: "yesterday"$/,
  },
  {
    name: "A5 no age",
    call: () => rpc("archive_old_conversations", { older_than: null }),
    status: 400,
    code: "22023",
    message: /^older_than must be at least one day\.$/,
  },
];
