import { beforeAll, describe, expect, it } from "vitest";
import { listRelations, tenantColumnOf } from "../helpers/catalogue.ts";
import { rest } from "../helpers/http.ts";
import { type Person, signIn, signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { foundTenant } from "../helpers/teams.ts";

const sql = openSql();

describe("S4 counting", () => {
  let newcomer: Person;
  let own: string;

  beforeAll(async () => {
    newcomer = await signUp("newcomer");
    own = await foundTenant(newcomer);
  });

  it.each(["exact", "planned", "estimated"])(
    "S4 count=%s tells a newcomer nothing about how much the others have",
    async (kind) => {
      const told: string[] = [];
      for (const relation of await listRelations(sql)) {
        const column = tenantColumnOf(relation);
        if (column === null) continue;
        const { range } = await rest(`${relation.name}?${column}=neq.${own}&limit=1`, {
          token: newcomer.token,
          headers: { prefer: `count=${kind}` },
        });
        const total = range?.split("/")[1] ?? "*";
        if (total !== "0" && total !== "*") told.push(`${relation.name}: ${total}`);
      }
      expect(told).toEqual([]);
    },
  );

  it("S4 count=exact tells a member their own rows", async () => {
    const member = await signIn("member@brightside.test");
    const { range } = await rest("conversations?limit=1", { token: member.token, headers: { prefer: "count=exact" } });
    expect(range).toMatch(/^0-0\/[1-9]\d*$/);
  });

  it("S4 nobody gets the plan of a query", async () => {
    const { status } = await rest("messages", {
      token: newcomer.token,
      headers: { accept: "application/vnd.pgrst.plan+json" },
    });
    expect(status).toBe(406);
  });
});
