import { randomUUID } from "node:crypto";
import { freshSlug } from "../../helpers/teams.ts";
import { type Case, patch, post, rpc } from "./case.ts";

const CHECK = /violates check constraint "\w+"$/;
const NO_SUCH_TENANT = /^There is no such tenant\.$/;

/** Bad input about tenants, members, invitations, branches and projects. */
export const tenancyCases: readonly Case[] = [
  ...["", "ab", "UPPER", "-begins", "ends-", "two words", "ümlaut", "a".repeat(64), "line\nbreak", "dots.and/slashes"]
    .map(
      (bad): Case => ({
        name: `C1 a slug ${JSON.stringify(bad).slice(0, 20)}`,
        call: () => rpc("create_tenant", { name: "Name", slug: bad }),
        status: 400,
        code: "23514",
        message: /violates check constraint "slug_is_lower_case_letters_digits_and_hyphens"$/,
      }),
    ),
  {
    name: "C1 a slug that is taken",
    call: ({ slug }) => rpc("create_tenant", { name: "Name", slug }),
    status: 409,
    code: "23505",
    message: /^The slug 'test-\w+' is taken\.$/,
  },
  ...["", "   ", "n".repeat(201)].map(
    (bad): Case => ({
      name: `C1 a name of ${bad.length} characters`,
      call: () => rpc("create_tenant", { name: bad, slug: freshSlug() }),
      status: 400,
      code: "23514",
      message: /violates check constraint "name_has_1_to_200_characters"$/,
    }),
  ),
  {
    name: "C1 no name",
    call: () => rpc("create_tenant", { name: null, slug: freshSlug() }),
    status: 400,
    code: "23502",
    message: /^null value in column "name" of relation "tenants" violates not-null constraint$/,
  },
  {
    name: "C1 an unknown kind",
    call: () => rpc("create_tenant", { name: "Name", slug: freshSlug(), kind: "empire" }),
    status: 400,
    code: "23514",
    message: /violates check constraint "kind_is_known"$/,
  },
  {
    name: "C1 settings that are no object",
    call: ({ tenant }) => patch(`tenants?id=eq.${tenant}`, { settings: ["a"] }),
    status: 400,
    code: "23514",
    message: CHECK,
  },
  {
    name: "C1 somebody else's slug",
    call: ({ tenant }) => patch(`tenants?id=eq.${tenant}`, { slug: "acme" }),
    status: 409,
    code: "23505",
    message: /^duplicate key value violates unique constraint "tenants_slug_key"$/,
  },

  {
    name: "S1 an unknown role in an invitation",
    call: ({ tenant }) => rpc("invite_member", { tenant_id: tenant, email: "a@example.test", role: "kaiser" }),
    status: 400,
    code: "22023",
    message: /^There is no role 'kaiser'\.$/,
  },
  {
    name: "S1 no role",
    call: ({ tenant, guest }) => rpc("change_member_role", { tenant_id: tenant, user_id: guest.id, role: null }),
    status: 400,
    code: "22023",
    message: /^There is no role null\.$/,
  },
  {
    name: "S1 a role in capitals",
    call: ({ tenant, guest }) => rpc("change_member_role", { tenant_id: tenant, user_id: guest.id, role: "OWNER" }),
    status: 400,
    code: "22023",
    message: /^There is no role 'OWNER'\.$/,
  },
  {
    name: "C3 an unknown status",
    call: ({ tenant, guest }) => rpc("set_member_status", { tenant_id: tenant, user_id: guest.id, status: "asleep" }),
    status: 400,
    code: "23514",
    message: /violates check constraint "status_is_known"$/,
  },
  {
    name: "C3 a stranger as member",
    call: ({ tenant }) => rpc("remove_member", { tenant_id: tenant, user_id: randomUUID() }),
    status: 404,
    code: "PT404",
    message: /^There is no such member\.$/,
  },
  {
    name: "C3 nobody as member",
    call: ({ tenant }) => rpc("remove_member", { tenant_id: tenant, user_id: null }),
    status: 404,
    code: "PT404",
    message: /^There is no such member\.$/,
  },
  {
    name: "C6 an unknown tenant",
    call: () => rpc("leave_tenant", { tenant_id: randomUUID() }),
    status: 404,
    code: "PT404",
    message: NO_SUCH_TENANT,
  },
  {
    name: "C6 no tenant",
    call: () => rpc("leave_tenant", { tenant_id: null }),
    status: 404,
    code: "PT404",
    message: NO_SUCH_TENANT,
  },
  {
    name: "C6 the last owner leaving",
    call: ({ tenant }) => rpc("leave_tenant", { tenant_id: tenant }),
    status: 409,
    code: "PT409",
    message: /^A tenant always keeps an active owner\.$/,
  },
  {
    name: "S5 an unknown branch for a member",
    call: ({ tenant, branch, guest }) =>
      rpc("set_member_branches", { tenant_id: tenant, user_id: guest.id, branch_ids: [branch, randomUUID()] }),
    status: 404,
    code: "PT404",
    message: /^There is no such branch in this tenant\.$/,
  },
  {
    name: "S5 a branch that is null",
    call: ({ tenant, guest }) =>
      rpc("set_member_branches", { tenant_id: tenant, user_id: guest.id, branch_ids: [null] }),
    status: 404,
    code: "PT404",
    message: /^There is no such branch in this tenant\.$/,
  },

  ...["", "nobody", "two@at@signs", "with space@example.test", `${"a".repeat(250)}@b.co`].map(
    (email): Case => ({
      name: `C5 the address ${JSON.stringify(email).slice(0, 30)}`,
      call: ({ tenant }) => rpc("invite_member", { tenant_id: tenant, email, role: "viewer" }),
      status: 400,
      code: "23514",
      message: /violates check constraint "email_is_a_lower_case_address"$/,
    }),
  ),
  ...["0 seconds", "-1 days", "91 days", "1000000 years"].map(
    (expires_in): Case => ({
      name: `C5 an invitation for ${expires_in}`,
      call: ({ tenant }) =>
        rpc("invite_member", { tenant_id: tenant, email: "a@example.test", role: "viewer", expires_in }),
      status: 400,
      code: "22023",
      message: /^An invitation lasts between 1 minute and 90 days\.$/,
    }),
  ),
  {
    name: "C5 an invitation until some time",
    call: ({ tenant }) =>
      rpc("invite_member", { tenant_id: tenant, email: "a@example.test", role: "viewer", expires_in: "some time" }),
    status: 400,
    code: "22007",
    message: /^invalid input syntax for type interval: "some time"$/,
  },
  {
    name: "C5 an invitation of a member",
    call: ({ tenant, guest }) => rpc("invite_member", { tenant_id: tenant, email: guest.email, role: "viewer" }),
    status: 409,
    code: "PT409",
    message: /^guest-\w+@example\.test is a member already\.$/,
  },
  {
    name: "C5 an expired invitation",
    call: ({ tokens }) => rpc("accept_invitation", { token: tokens.expired }),
    status: 410,
    code: "PT410",
    message: /^This invitation has expired\.$/,
  },
  {
    name: "C5 an invitation taken back",
    call: ({ tokens }) => rpc("accept_invitation", { token: tokens.revoked }),
    status: 410,
    code: "PT410",
    message: /^This invitation was taken back\.$/,
  },
  {
    name: "C5 a used invitation, by whom it was for",
    call: (
      { tokens, guest },
    ) => ["rpc/accept_invitation", { method: "POST", token: guest.token, body: { token: tokens.used } }],
    status: 409,
    code: "PT409",
    message: /^This invitation has been used\.$/,
  },
  {
    name: "C5 an invitation for somebody else",
    call: ({ tokens }) => rpc("accept_invitation", { token: tokens.foreign }),
    status: 403,
    code: "42501",
    message: /^This invitation is for another e-mail address\.$/,
  },
  {
    name: "C5 no token",
    call: () => rpc("accept_invitation", { token: null }),
    status: 404,
    code: "PT404",
    message: /^There is no such invitation\.$/,
  },

  {
    name: "C4 a branch's name twice",
    call: ({ tenant }) => post("branches", { tenant_id: tenant, name: "North" }),
    status: 409,
    code: "23505",
    message: /^duplicate key value violates unique constraint "branches_tenant_id_name_key"$/,
  },
  {
    name: "C4 deleting a branch that has projects",
    call: ({ branch }) => [`branches?id=eq.${branch}`, { method: "DELETE" }],
    status: 409,
    code: "23503",
    message: /violates foreign key constraint "projects_tenant_id_branch_id_fkey" on table "projects"$/,
  },
  ...["javascript:alert(1)", "file:///etc/passwd", `https://${"a".repeat(2000)}`].map(
    (repository_url): Case => ({
      name: `C9 the repository ${repository_url.slice(0, 20)}`,
      call: ({ tenant }) => post("projects", { tenant_id: tenant, name: "P", repository_url }),
      status: 400,
      code: "23514",
      message: /violates check constraint "repository_url_is_an_address"$/,
    }),
  ),
];
