import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../scripts/migrate/migration-files.ts";

interface Source {
  readonly file: string;
  readonly text: string;
}

const sqlTests = readSources("supabase/tests", ".test.sql");
const helpers = readSources("supabase/tests", ".psql");
const programs = readSources("tests", ".test.ts");

/** Where denials are tested; the rules of the catalogue look for what must not be there at all. */
const DENIALS = /^(supabase\/tests\/(access|assistant|attacks|core|ops)|tests\/(api|attacks))\//;
const SQL_NOTHING = /\bis_empty\s*\(|, 0, |\b0::bigint|'0 rows'|\b(throws_ok|throws_as)\s*\(/;
const SQL_SOMETHING = new RegExp(
  [
    /\b(isnt|isnt_empty|cmp_ok|lives_ok|lives_as|results_eq|bag_eq|set_eq|matches|ok)\s*\(/,
    /, [1-9]\d*(::bigint)?,/,
    /'[1-9]\d* rows'/,
    /, '[^']+', '[A-Z]\d/,
  ].map(({ source }) => source).join("|"),
);

// A test that cannot fail is worse than none: it is counted as a proof.
describe("S2 no test of the suite", () => {
  it("S2 runs without the cast, a plan, or its own transaction", () => {
    expect(sqlTests.length).toBeGreaterThan(100);
    const wrong = sqlTests.filter(({ text }) =>
      !/^(--.*\n)*begin;\n\\ir \.\.\/helpers\/cast\.psql\n/.test(text) || !/\bplan\(|finish\(\)/.test(text) ||
      !/\nrollback;\s*$/.test(text)
    );
    expect(namesOf(wrong)).toEqual([]);
  });

  it("S2 swallows an error that it did not expect", () => {
    const wrong = [...sqlTests, ...helpers].filter(({ text }) =>
      [...text.matchAll(/when others then([\s\S]*?)\n *end/g)].some(([, handler = ""]) =>
        !/sqlstate|sqlerrm|stacked diagnostics/.test(handler)
      )
    );
    expect(namesOf(wrong)).toEqual([]);
  });

  it("S2 takes any refusal for the one it means: a code and a message are named", () => {
    const wrong = sqlTests.filter(({ text }) =>
      [...text.matchAll(/\bthrows_ok\s*\(([\s\S]*?);\n/g)].some(([, call = ""]) =>
        !/'[0-9A-Z]{5}'|\bcode\b/.test(call) || /'[0-9A-Z]{5}',\s*null\b/.test(call)
      ) || /\bthrows_as\s*\([^;]*?'[0-9A-Z]{5}',\s*null\b/.test(text)
    );
    expect(namesOf(wrong)).toEqual([]);
  });

  it("S2 that finds nothing lacks a twin that finds something", () => {
    const denying = sqlTests.filter(({ file, text }) => DENIALS.test(file) && SQL_NOTHING.test(text));
    expect(denying.length).toBeGreaterThan(60);
    expect(namesOf(denying.filter(({ text }) => !SQL_SOMETHING.test(text)))).toEqual([]);
    const refusing = programs.filter(({ file, text }) => DENIALS.test(file) && /\bisRefused\(/.test(text));
    expect(refusing.length).toBeGreaterThan(8);
    expect(namesOf(refusing.filter(({ text }) => !/\b(dataOf|succeeds|toHaveLength|toEqual)\(/.test(text)))).toEqual(
      [],
    );
  });

  it("S2 is left out, repeated until it passes, or left to a matter of time", () => {
    const wrong = programs.filter(({ file, text }) =>
      DENIALS.test(file) &&
      /\b(it|test|describe)\.(only|skip|todo|fails|skipIf|runIf)\b|\bretry:|\bsetTimeout\(|\bsleep\(/.test(text)
    );
    expect(namesOf(wrong)).toEqual([]);
  });
});

function readSources(folder: string, ending: string): Source[] {
  return readdirSync(path.join(projectDir, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name.split(path.sep).join("/")}`)
    .sort()
    .map((file) => ({ file, text: readFileSync(path.join(projectDir, file), "utf8") }));
}

function namesOf(sources: readonly Source[]): string[] {
  return sources.map(({ file }) => file);
}
