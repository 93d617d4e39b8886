-- Readings are counted without a reader writing the article, and without the article looking changed.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/articles.psql
select plan(17);

create function tests.read(article text, tenant text default 'acme') returns text language sql immutable
  return format('select public.record_knowledge_access(%L, %L)', tests.tenant_id(tenant), tests.article_id(article));
alter table public.knowledge_base disable trigger _200_touch;
update public.knowledge_base set updated_at = now() - interval '1 day';
alter table public.knowledge_base enable trigger _200_touch;
create table tests.versions as select id, ctid::text as place from public.knowledge_base;

select tests.lives_as(who, tests.read('deploying'), format('O5 %s reads', who)) from unnest(array['acme_viewer', 'acme_viewer', 'service']) as who;
select tests.lives_as('acme_member', tests.read('trouble'), 'O5 and another article');
select is_empty('select id, ctid::text from public.knowledge_base except select id, place from tests.versions', 'O5 no article is written');
select is(ops.count_knowledge_accesses(1), 1::bigint, 'O5 readings are counted, as many as asked for');
select is(ops.count_knowledge_accesses(), 3::bigint, 'O5 and the rest');
select results_eq(
  $$select title, access_count, last_accessed_at > now(), updated_at = now() - interval '1 day' from public.knowledge_base where access_count > 0 order by title$$,
  $$values ('Deploying houses', 3::bigint, true, true), ('Trouble', 1, true, true)$$, 'O5 where they were; no article counts as changed');
select is(ops.count_knowledge_accesses(), 0::bigint, 'O5 once');
select is(tests.rows_as('acme_member', $$update public.knowledge_base set tags = '{new}' where title = 'Trouble'$$), 1, 'O5 what somebody changes');
select is((select updated_at from public.knowledge_base where title = 'Trouble'), now(), 'O5 counts as changed');
select tests.throws_as(who, tests.read('deploying'), code, message, format('O5 not %s', who))
from (values
  ('acme_customer', '42501', 'This needs the role viewer or a higher one.'), ('globex_owner', 'PT404', 'There is no such tenant.')
) as v (who, code, message);
select tests.throws_as(who, tests.read('globex'), 'PT404', 'There is no such article.', format('S2 nor one of another tenant (%s)', who))
from unnest(array['acme_viewer', 'service']) as who;
select tests.lives_as('globex_owner', tests.read('globex', 'globex'), 'O5 an article is read');
delete from public.knowledge_base where id = tests.article_id('globex');
select is(ops.count_knowledge_accesses(), 1::bigint, 'O5 and gone when it is counted: that is in order');

select * from finish();
rollback;
