import { describe, expect, it } from "vitest";
import { listRelations, tenantColumnOf } from "../helpers/catalogue.ts";
import { rest } from "../helpers/http.ts";
import { signIn, signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { foundTenant } from "../helpers/teams.ts";

const sql = openSql();

describe("S4 count=exact", () => {
  it("S4 tells a newcomer nothing about how much the others have", async () => {
    const newcomer = await signUp("newcomer");
    const own = await foundTenant(newcomer);
    const told: [string, string | null][] = [];
    for (const relation of await listRelations(sql)) {
      const column = tenantColumnOf(relation);
      if (column === null) continue;
      const { range } = await rest(`${relation.name}?${column}=neq.${own}&limit=1`, {
        token: newcomer.token,
        headers: { prefer: "count=exact" },
      });
      told.push([relation.name, range]);
    }
    expect(told.length).toBeGreaterThan(10);
    expect(told.filter(([, range]) => range !== "*/0")).toEqual([]);
  });

  it("S4 tells a member their own rows", async () => {
    const member = await signIn("member@brightside.test");
    const { range } = await rest("conversations?limit=1", { token: member.token, headers: { prefer: "count=exact" } });
    expect(range).toMatch(/^0-0\/[1-9]\d*$/);
  });
});
