import { randomUUID } from "node:crypto";
import { type Call, type Case, checked, mistyped, post, refusal, rpc } from "./case.ts";

const component: Call = ({ tenant }, values) =>
  post("components", { tenant_id: tenant, name: "Robot", type: "tool", ...values });
const template: Call = ({ tenant }, values) =>
  post("templates", { tenant_id: tenant, name: "Release", type: "workflow", ...values });
const learning: Call = ({ tenant }, values) =>
  post("learning_data", { tenant_id: tenant, type: "pattern", subject: "Robots", confidence: 0.5, ...values });
const article: Call = ({ tenant }, values) =>
  post("knowledge_base", { tenant_id: tenant, title: "Robots", body: "Text.", ...values });
const event: Call = ({ tenant }, values) => rpc("log_event", { tenant_id: tenant, type: "build.started", ...values });
const metric: Call = ({ tenant }, values) =>
  rpc("record_metrics", {
    tenant_id: tenant,
    metrics: [{ name: "cpu", value: 1 }, { name: "cpu", value: 1, ...values }],
  });
const execution: Call = ({ tenant }, values) =>
  rpc("record_execution", {
    tenant_id: tenant,
    name: "build",
    status: "succeeded",
    started_at: "2026-01-01T00:00:00Z",
    ...values,
  });
const call: Call = ({ tenant, component }, values) =>
  rpc("start_communication", {
    tenant_id: tenant,
    from_component_id: component,
    to_component_id: component,
    operation: "build",
    ...values,
  });

/** Bad input about components, events, measurements, templates, articles and alerts. */
export const orchestrationCases: readonly Case[] = [
  ...checked("O4 a component with", component, [
    ["no name", { name: "" }, "name_has_1_to_200_characters"],
    ["an unknown type", { type: "robot" }, "type_is_known"],
    ["a password in its address", { endpoint: "https://ann:secret@a.example" }, "endpoint_holds_no_password"],
    ["no heartbeat", { heartbeat_seconds: 0 }, "heartbeat_is_between_1_second_and_1_day"],
  ]),
  refusal(
    "S9 credentials that are a text",
    ({ tenant, component }) =>
      rpc("set_component_credentials", { tenant_id: tenant, component_id: component, credentials: "secret" }),
    400,
    "22023",
    /^credentials must be an object of at most 16 KB with at least one value\.$/,
  ),
  refusal(
    "O4 a heartbeat of a component that is silent",
    ({ tenant, component }) =>
      rpc("record_heartbeat", { tenant_id: tenant, component_id: component, status: "silent" }),
    400,
    "22023",
    /^status must be healthy, degraded or unhealthy\.$/,
  ),
  ...checked("O4 a call with", call, [
    ["no operation", { operation: "" }, "operation_has_1_to_200_characters"],
    ["no attempt", { max_attempts: 0 }, "attempt_is_between_1_and_the_most"],
    ["no time", { timeout_ms: 0 }, "timeout_is_between_1_ms_and_1_day"],
    ["a request of more than 256 KB", { request: { a: "x".repeat(262_144) } }, "request_has_at_most_256_kb"],
  ]),
  refusal(
    "O4 a call with 100 000 attempts",
    (world) => call(world, { max_attempts: 100_000 }),
    400,
    "22003",
    /smallint/,
  ),
  ...checked("O4 an event with", event, [
    ["no type", { type: "" }, "type_has_1_to_100_characters"],
    ["a type of 101 characters", { type: "x".repeat(101) }, "type_has_1_to_100_characters"],
    ["an unknown severity", { severity: "fatal" }, "severity_is_known"],
    ["a message of 10 001 characters", { message: "x".repeat(10_001) }, "message_has_at_most_10000_characters"],
    ["an empty correlation id", { correlation_id: "" }, "correlation_id_has_1_to_128_characters"],
    ["a list as payload", { payload: [] }, "payload_is_an_object_of_at_most_256_kb"],
  ]),
  refusal("O4 an event of nothing", (world) => event(world, { type: null }), 400, "23502", /column "type"/),
  refusal(
    "O4 an event of a component that is not there",
    (world) => event(world, { component_id: randomUUID() }),
    404,
    "PT404",
    /^There is no such component\.$/,
  ),
  refusal(
    "O4 an event of tomorrow",
    (world) => event(world, { created_at: "2099-01-01T00:00:00Z" }),
    403,
    "42501",
    /^An event of a user happens now\.$/,
  ),
  ...checked("O6 a batch of measurements, one with", metric, [
    ["no name", { name: "" }, "name_has_1_to_200_characters"],
    ["an unknown type", { type: "summary" }, "type_is_known"],
    ["tags in tags", { tags: { a: {} } }, "tags_are_an_object_of_plain_values_in_4_kb"],
    ["a negative count", { type: "counter", value: -1 }, "count_is_not_negative"],
  ]),
  ...mistyped("O6 a batch of measurements, one with", metric, [
    ["a value in words", { value: "many" }, "double precision"],
    ["a component that is no uuid", { component_id: "nonsense" }, "uuid"],
  ]),
  refusal(
    "O6 a measurement without a value",
    (world) => metric(world, { value: null }),
    400,
    "23502",
    /column "value"/,
  ),
  refusal(
    "O6 a measurement of another age",
    (world) => metric(world, { created_at: "1999-01-01T00:00:00Z" }),
    400,
    "22023",
    /^created_at must be a time that is still kept, and at most a day ahead\.$/,
  ),
  ...[{}, "cpu", [1], null].map((metrics) =>
    refusal(
      `O6 the measurements ${JSON.stringify(metrics)}`,
      ({ tenant }) => rpc("record_metrics", { tenant_id: tenant, metrics }),
      400,
      "22023",
      /^metrics must be an array of at most 10000 objects\.$/,
    )
  ),
  ...checked("O6 an execution with", execution, [
    ["an unknown end", { status: "done" }, "status_is_known"],
    ["a failure without a reason", { status: "failed" }, "has_an_error_when_it_failed"],
    ["an end before its beginning", { started_at: "2099-01-01T00:00:00Z" }, "starts_before_it_ends"],
    ["an attempt before the first", { attempt: 0 }, "attempt_is_between_1_and_1000"],
  ]),
  ...checked("O5 a template with", template, [
    ["no name", { name: "" }, "name_has_1_to_200_characters"],
    ["version 0", { version: 0 }, "version_is_at_least_1"],
    ["content that is a list", { content: [] }, "content_is_an_object_of_at_most_256_kb"],
  ]),
  ...checked("O5 something learned with", learning, [
    ["a confidence of NaN", { confidence: "NaN" }, "confidence_is_between_0_and_1"],
    ["a confidence above 1", { confidence: 1.01 }, "confidence_is_between_0_and_1"],
    ["an effectiveness below 0", { effectiveness: -0.01 }, "effectiveness_is_between_0_and_1"],
  ]),
  ...checked("O5 an article with", article, [
    ["no text", { body: "" }, "body_has_1_to_100000_characters"],
    ["a text of 100 001 characters", { body: "x".repeat(100_001) }, "body_has_1_to_100000_characters"],
    ["a language without rules", { language: "klingon" }, "language_is_known"],
    ["a script as its source", { source_url: "javascript:alert(1)" }, "source_url_is_a_web_address"],
  ]),
  ...["", "the", "-robot"].map((query) =>
    refusal(
      `O5 a search for ${JSON.stringify(query)}`,
      ({ tenant }) => rpc("search_knowledge", { tenant_id: tenant, query, in_language: "english" }),
      400,
      "22023",
      /^query must hold a word that has to occur\.$/,
    )
  ),
  refusal(
    "O7 an alert that is not there",
    ({ tenant }) => rpc("resolve_alert", { tenant_id: tenant, alert_id: randomUUID() }),
    404,
    "PT404",
    /^There is no such alert\.$/,
  ),
];
