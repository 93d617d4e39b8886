-- audit: changes reach the log. updated_at: moved by every update.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(8);

call private.enroll('public.notes', read => 'viewer', write => 'member');
update public.notes set body = 'house 2', updated_at = '2020-01-01' where body = 'house';
select is((select updated_at from public.notes where body = 'house 2'), now(),
  'S2 an update is stamped, whatever it says itself');
select is((select count(*) from public.audit_log where table_name = 'public.notes'), 0::bigint,
  'C8 without audit the log stays empty');

call private.enroll('public.notes', read => 'viewer', write => 'member', remove => 'member', audit => true);
select is(tests.rows_as('acme_member', 'update public.notes set body = ''x'' where body = ''house 2'''), 1,
  'C8 an update');
select is(tests.rows_as('acme_member', 'delete from public.notes where body = ''north'''), 1, 'C8 a delete');
select is(tests.rows_as('acme_member',
  'insert into public.notes (tenant_id, body) values (tests.tenant_id(''acme''), ''new'')'), 1, 'C8 an insert');
select results_eq(
  $$select verb, actor_id, before ->> 'body', after ->> 'body', tenant_id from public.audit_log where table_name = 'public.notes' order by id$$,
  $$values ('update', tests.user_id('acme_member'), 'house 2', 'x', tests.tenant_id('acme')),
    ('delete', tests.user_id('acme_member'), 'north', null, tests.tenant_id('acme')),
    ('insert', tests.user_id('acme_member'), null, 'new', tests.tenant_id('acme'))$$, 'C8 with audit each is in the log'
);
call private.enroll('public.notes', read => 'viewer', write => 'member');
update public.notes set body = 'y' where body = 'x';
select is((select count(*) from public.audit_log where table_name = 'public.notes'), 3::bigint,
  'C8 enrolled again without, the log grows no more');
select is((select is_audited from private.enrollments where relation = 'public.notes'), false, 'C8 as declared');

select * from finish();
rollback;
