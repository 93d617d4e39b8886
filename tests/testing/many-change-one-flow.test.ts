import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

const SESSIONS = 4;
const OPERATIONS = 40;
const ORDER = ", nextval('public.operation_order')::integer as turn";

/** What was done, and as which one of all sessions' operations: the turn is taken while the flow is locked. */
interface Done {
  readonly turn: number;
  readonly apply: (steps: string[]) => void;
}

const turnRow = z.object({ turn: z.number() });
const insertRow = turnRow.extend({ id: z.string() });

let database: TestDatabase;
let people: Caller[];
let tenant: string;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  await database.sql`create sequence public.operation_order`;
  await database.sql`grant usage on sequence public.operation_order to authenticated`;
  people = await Promise.all(Array.from({ length: SESSIONS }, (_, n) => openCaller(database, `person${n}`)));
  tenant = await tenantOf(database, ...people.map((person, n) => [person, n === 0 ? "owner" : "member"] as const));
});
afterAll(() => Promise.all(people.map((person) => person.close())));

it.each([1, 2, 3])("T3 %i: several insert, move and remove at once; the order is that of all of it one by one", async (seed) => {
  const flow = randomUUID();
  await database.sql`insert into public.visual_test_flows (tenant_id, id, name) values (${tenant}, ${flow}, 'Flow')`;
  const known: string[] = [];
  const done: Done[] = [];
  const refused: string[] = [];
  await Promise.all(people.map(async (person, n) => {
    const random = randomNumbers(seed * SESSIONS + n);
    for (let count = 0; count < OPERATIONS; count += 1) {
      try {
        done.push(await operate(person, flow, known, random));
        await person.finish("commit");
      } catch (error) {
        refused.push(z.object({ code: z.string() }).parse(error).code);
        await person.finish("rollback");
      }
    }
  }));

  const expected: string[] = [];
  for (const { apply } of done.sort((a, b) => a.turn - b.turn)) apply(expected);
  const rows = await database.sql`
    select id, position from public.visual_test_steps where flow_id = ${flow} order by position
  `;
  expect(rows.map((row) => row["id"])).toEqual(expected);
  expect(rows.map((row) => row["position"])).toEqual(expected.map((_, index) => index + 1));
  // Of a step that somebody has removed, or to a position that is there no more. Nobody met a deadlock.
  expect(refused.filter((code) => code !== "PT404" && code !== "22023")).toEqual([]);
  expect(done.length + refused.length).toBe(SESSIONS * OPERATIONS);
  expect(done.length).toBeGreaterThan(OPERATIONS);
});

/** One operation of a random kind on a random step. */
async function operate(person: Caller, flow: string, known: string[], random: () => number): Promise<Done> {
  const step = known[Math.floor(random() * known.length)];
  const kind = random();
  const position = 1 + Math.floor(random() * 10);
  if (step === undefined || kind < 0.5) {
    const atEnd = step === undefined || kind < 0.2;
    const call = `public.insert_visual_test_step($1, $2, 'screenshot'${atEnd ? "" : `, "position" => ${position}`})`;
    const [row] = await person.run(`select ${call} as id${ORDER}`, [tenant, flow]);
    const { id, turn } = insertRow.parse(row);
    known.push(id);
    return { turn, apply: (steps) => steps.splice(atEnd ? steps.length : position - 1, 0, id) };
  }
  const call = kind < 0.75 ? `move_visual_test_step($1, $2, ${position})` : "remove_visual_test_step($1, $2)";
  const [row] = await person.run(`select public.${call}${ORDER}`, [tenant, step]);
  const { turn } = turnRow.parse(row);
  return {
    turn,
    apply: (steps) => {
      steps.splice(steps.indexOf(step), 1);
      if (kind < 0.75) steps.splice(position - 1, 0, step);
    },
  };
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
