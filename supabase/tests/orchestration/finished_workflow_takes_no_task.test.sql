-- What is completed or cancelled takes no further task and no dependency; what is not does.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(14);

select tests.add_task('one');
select tests.add_task('two');
select tests.add_task('away', flow => 'other');
create function tests.add(title text, flow text) returns void language sql
  begin atomic;
    insert into public.tasks (tenant_id, workflow_id, title) values (tests.tenant_id('acme'), tests.flow_id(flow), title);
  end;
grant execute on function tests.add(text, text) to authenticated;
create function tests.set_flow(flow text, status text) returns void language sql
  begin atomic; update public.workflows as w set status = set_flow.status where w.id = tests.flow_id(set_flow.flow); end;

select tests.set_flow('other', 'completed');
select is(
  tests.refusal('acme_member', $$select tests.add('late', 'other')$$),
  format('PT409 | The workflow is completed: it takes no further task. | workflow_id %s | '
    'Take it up again with update_workflow_status.', tests.flow_id('other')),
  'O2: a completed workflow takes no task'
);
select is(tests.counted('other'), '{1,0,0,0}', 'O1: and has counted none');
select tests.throws_as('service', $$insert into public.tasks (tenant_id, workflow_id, title)
  select tests.tenant_id('acme'), tests.flow_id(f), 'late' from unnest(array['plan', 'other']) as f$$,
  'PT409', 'The workflow is completed: it takes no further task.', 'O2: not in a statement that adds to another one, either');
select is(
  tests.refusal('acme_member', $$select tests.depend('one', 'away', on_flow => 'other')$$),
  format('PT409 | The workflow is completed: nothing in it can be depended on any more. | workflow_id %s | '
    'Take it up again with update_workflow_status.', tests.flow_id('other')),
  'O3: nobody begins to depend on what is in it'
);
select tests.throws_as('acme_member', $$select tests.depend('one', 'away', 'relates', on_flow => 'other')$$, 'PT409',
  'The workflow is completed: nothing in it can be depended on any more.', 'O3: in no way');
select tests.throws_as('acme_member', $$select tests.depend('away', 'one', flow => 'other', on_flow => 'plan')$$, 'PT409',
  'The workflow is completed: nothing in it can be depended on any more.', 'O3: nor does what is in it depend on others');
select tests.set_flow('other', 'active');
select tests.lives_as('acme_member', $$select tests.add('late', 'other')$$, 'O2: taken up again it does');
select tests.lives_as('acme_member', $$select tests.depend('one', 'away', on_flow => 'other')$$, 'O3: and is depended on');
select tests.set_flow('other', 'cancelled');
select tests.throws_as('acme_member', $$select tests.add('later', 'other')$$, 'PT409',
  'The workflow is cancelled: it takes no further task.', 'O2: a cancelled one takes no task');
select tests.throws_as('acme_member', $$select tests.depend('two', 'away', on_flow => 'other')$$, 'PT409',
  'The workflow is cancelled: nothing in it can be depended on any more.', 'O3: and is not depended on');
select tests.set_flow('other', 'planned');
select tests.lives_as('acme_member', $$select tests.add('early', 'other')$$, 'O2: a planned one takes tasks');
select tests.set_flow('plan', 'paused');
select tests.lives_as('acme_member', $$select tests.add('meanwhile', 'plan')$$, 'O2: so does a paused one');
select tests.set_flow('plan', 'failed');
select tests.lives_as('acme_member', $$select tests.add('repair', 'plan')$$, 'O2: and one that failed');
select tests.lives_as('acme_member', $$select tests.depend('two', 'one')$$, 'O3: in which tasks depend on others');

select * from finish();
rollback;
