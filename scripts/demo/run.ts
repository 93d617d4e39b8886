import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Database } from "../../types/database.ts";
import { parseStackArguments } from "../stack/options.ts";
import { readStackFile } from "../stack/stack-file.ts";

type Client = SupabaseClient<Database>;

process.exitCode = await main();

async function main(): Promise<number> {
  const { dataDir } = parseStackArguments(["status"], process.env);
  const stack = existsSync(path.join(dataDir, "stack.json")) ? readStackFile(dataDir) : null;
  if (stack === null) {
    console.error('No stack is running. Start one with "npm start", then run this again.');
    return 1;
  }
  const stamp = Date.now().toString(36);
  const client = (): Client =>
    createClient<Database>(stack.api_url, stack.publishable_key, { auth: { persistSession: false } });
  const join = async (name: string): Promise<{ client: Client; id: string; email: string }> => {
    const email = `${name}-${stamp}@example.test`;
    const person = client();
    const { data, error } = await person.auth.signUp({ email, password: `${name}-${stamp}-secret` });
    if (error || !data.user) throw new Error(`${name} could not sign up: ${error?.message}`);
    return { client: person, id: data.user.id, email };
  };

  const [olivia, miles, mina] = [await join("olivia"), await join("miles"), await join("mina")];
  console.log("Olivia, Miles and Mina sign up.");

  const tenant_id = must(await olivia.client.rpc("create_tenant", { name: "Night Shift", slug: `night-shift-${stamp}` }));
  console.log("Olivia creates the tenant Night Shift and owns it.");
  must(await mina.client.rpc("create_tenant", { name: "Day Shift", slug: `day-shift-${stamp}` }));
  console.log("Mina creates another tenant.");

  const invitation = must(
    await olivia.client.rpc("invite_member", { tenant_id, email: miles.email, role: "member" }).single(),
  );
  must(await miles.client.rpc("accept_invitation", { token: invitation.token }));
  console.log("Olivia invites Miles as a member; he accepts.");

  const conversation = must(
    await miles.client.from("conversations").insert({ tenant_id, title: "Robot arm stuck" }).select().single(),
  );
  const say = (person: { client: Client }, role: string, content: string) =>
    person.client.from("messages").insert({ tenant_id, conversation_id: conversation.id, role, content }).select().single();
  must(await say(miles, "user", "The arm stops at 40 degrees."));
  const answer = must(await say(miles, "assistant", "Check the limit switch of axis 2."));
  must(await olivia.client.rpc("rate_message", { tenant_id, message_id: answer.id, rating: "up" }));
  must(await miles.client.rpc("increment_usage", { tenant_id, tokens: 21, messages: 2 }));
  console.log("Miles talks to the assistant, Olivia rates the answer.");

  const count = async (person: { client: Client }): Promise<number> =>
    must(await person.client.from("messages").select("id").eq("tenant_id", tenant_id)).length;
  console.log(`Messages of Night Shift that Olivia sees: ${await count(olivia)}`);
  console.log(`Messages of Night Shift that Miles sees:  ${await count(miles)}`);
  console.log(`Messages of Night Shift that Mina sees:   ${await count(mina)}`);

  const refused = await mina.client
    .from("messages")
    .insert({ tenant_id, conversation_id: conversation.id, role: "user", content: "Let me in." });
  console.log(`Mina tries to write one: ${refused.status} ${refused.error?.message}`);

  done(await olivia.client.rpc("remove_member", { tenant_id, user_id: miles.id }));
  console.log(`Olivia removes Miles. With the same token he now sees: ${await count(miles)}`);
  return 0;
}

interface Answer<T> {
  readonly data: T;
  readonly error: { readonly message: string } | null;
}

function done(answer: Answer<unknown>): void {
  if (answer.error !== null) throw new Error(answer.error.message);
}

function must<T>(answer: Answer<T>): NonNullable<T> {
  done(answer);
  if (answer.data === null || answer.data === undefined) throw new Error("The API answered with nothing.");
  return answer.data;
}
