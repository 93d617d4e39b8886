import { describe, expect, it } from "vitest";
import { bypassGuards, isArgumentOf, removeLocks, removeStatements, spoilConditions } from "./body-edits.ts";
import type { Source } from "./condition-edits.ts";
import { applyEdit, distinctEdits, type Edit } from "./edits.ts";
import { tokenize } from "./tokens.ts";

const source = (text: string): Source => ({ text, tokens: tokenize(text) });
const labels = (edits: readonly Edit[]): string[] => distinctEdits(edits).map(({ label }) => label);

describe("spoilConditions", () => {
  const conditions = (body: string): string[] => labels(spoilConditions(source(body)));

  it("finds what decides: if, elsif, while, when, and what follows it", () => {
    expect(conditions(`begin
      if a then x := 1; elsif b then x := 2; end if;
      while c loop continue when d; end loop;
      x := case when e then 1 else 2 end;
    end`)).toEqual(["a", "b", "c", "d", "e"].flatMap((name) => [`"${name}" -> true`, `"${name}" -> false`]));
  });

  it("only disables what refuses", () => {
    expect(conditions("begin if a then raise exception using message = b; end if; end")).toEqual(['"a" -> false']);
  });

  it("weakens where, on, having and filter", () => {
    expect(conditions(`begin
      return query select count(*) filter (where a) from t join u on b left join v on left(c, 1) = d
      where e group by x having f order by y limit 1 for update;
    end`)).toEqual(['"a" -> true', '"b" -> true', '"left(c, 1) = d" -> true', '"e" -> true', '"f" -> true']);
  });

  it("finds conditions that are values: stored, passed, returned", () => {
    expect(conditions(`begin
      update t set is_new = a and b, name = 'c = d' where e;
      perform f(a is null, b => c <> d);
      return g = h or i;
    end`)).toEqual([
      '"a" -> true',
      '"a and b" -> false',
      '"b" -> true',
      '"e" -> true',
      '"a is null" -> true',
      '"a is null" -> false',
      '"c <> d" -> true',
      '"c <> d" -> false',
      '"g = h" -> false',
      '"g = h or i" -> true',
      '"i" -> false',
    ]);
  });

  it("takes nothing else for a condition", () => {
    expect(conditions(`declare
      v_x text := 'a = b';
    begin
      insert into t (a, b) values (1, 2) on conflict on constraint t_key do update set a = excluded.a;
      get stacked diagnostics v_x = returned_sqlstate, v_y = message_text;
      case kind when 'a' then null; when 'b' then null; end case;
      for v_x in select y from z loop null; end loop;
    exception
      when others then
        raise exception using errcode = 'PT404', message = format('%s', a = b);
    end`)).toEqual([]);
  });

  it("does not end at the from of an operator", () => {
    expect(conditions("begin if a is distinct from b then x := 1; end if; end")).toEqual([
      '"a is distinct from b" -> true',
      '"a is distinct from b" -> false',
    ]);
  });
});

describe("removeStatements", () => {
  it("leaves out calls and changes, and no query", () => {
    const body = source(`begin
      perform f(1);
      select a into b from c;
      if x then delete from t; end if;
      update t set a = 1;
      insert into t values (1) returning id into v_id;
    end`);
    expect(labels(removeStatements(body))).toEqual([
      '"perform f(1)" left out',
      '"delete from t" left out',
      '"update t set a = 1" left out',
      '"insert into t values (1) returning id into v_id" left out',
    ]);
    expect(removeStatements(body).map((edit) => applyEdit(body.text, edit)).every((text) => text.includes("null;"))).toBe(true);
  });

  it("leaves a statement that is only a lock to removeLocks", () => {
    const body = source("begin perform from public.t as t where (a, b) in (select c, d from e) order by a for no key update; end");
    expect(removeStatements(body)).toEqual([]);
    expect(labels(removeLocks(body))).toEqual(['lock "for no key update" on public.t left out']);
  });
});

describe("removeLocks", () => {
  it("knows every strength and what may follow", () => {
    for (const lock of ["for update", "for share of t", "for key share nowait", "for no key update of t skip locked"]) {
      const query = source(`begin select a into b from t where c ${lock}; end`);
      expect(removeLocks(query).map((edit) => applyEdit(query.text, edit))).toEqual(["begin select a into b from t where c ; end"]);
    }
  });

  it("takes no loop for a lock", () => {
    expect(removeLocks(source("begin for v in select 1 loop null; end loop; end"))).toEqual([]);
  });
});

describe("bypassGuards", () => {
  it("puts the answer in place of a call whose answer is used", () => {
    const body = source("begin perform private.require_user(); v := private.require_role(f.tenant_id, g(1, 2)); end");
    const edits = bypassGuards(body, (name, inputs) => `answer of ${name} to ${inputs.join(" and ")}`);
    expect(edits.map((edit) => applyEdit(body.text, edit))).toEqual([
      "begin perform private.require_user(); v := answer of private.require_role to f.tenant_id and g(1, 2); end",
    ]);
  });
});

describe("isArgumentOf", () => {
  it("looks at the innermost call", () => {
    const { tokens } = source("select a.f('x', b.g('y')), 'z'");
    const names = new Set(["a.f"]);
    const answers = tokens.flatMap(({ kind, text }, at) => (kind === "string" ? [[text, isArgumentOf(tokens, at, names)]] : []));
    expect(answers).toEqual([["'x'", true], ["'y'", false], ["'z'", false]]);
  });
});
