-- Four months of assistant conversations in each demo tenant: messages, feedback, usage. Safe to run again: a tenant that
-- has conversations is left as it is. Nothing here is random, so two seeded databases hold the same.

-- The stamps of the past must survive the triggers that would set them to now.
alter table public.conversations disable trigger user;
alter table public.messages disable trigger _300_arrive;

create temporary table seeded_topic (kind text, number integer, title text, question text, answer text, follow_up text, closing text);
insert into seeded_topic
values
  ('organization', 0, 'Gripper loses pressure after a shift',
    'The gripper on cell 4 loses pressure after about six hours. Where do I start?',
    'Start with the quick-release seal: after long shifts it hardens and leaks below 4 bar. Log the supply pressure over one shift before changing parts.',
    'Supply is steady at 6.1 bar, the drop is behind the valve block.',
    'Then it is the valve block. Replace the diaphragm of the second valve; part 7714-B fits all revisions since 2023.'),
  ('organization', 1, 'Calibrating the camera after a move',
    'We moved the palletizer by half a metre. Do we need the full camera calibration?',
    'A hand-eye calibration suffices if the camera was not unscrewed. Run it with twelve poses and keep the residual below 0.3 mm.',
    'The residual is 0.8 mm.',
    'Check that the target board is flat and clamp it. A bent board gives exactly that figure.'),
  ('organization', 2, 'Safety stop in the release notes',
    'Please draft the release note for the new safety stop behaviour.',
    'From this version on a safety stop keeps the servo brakes engaged until both hands have left the light curtain. Update the operator card.',
    'Add that a restart needs the key.',
    'A restart now needs the key switch in position two. The former double press no longer restarts the cell.'),
  ('organization', 3, 'Cycle time of the welding cell',
    'Why did the cycle time of the welding cell rise by four percent last week?',
    'The seam search runs on every part since the last change. It was meant for the first part of a batch only.',
    'How do I set it back?',
    'Set seam_search to first_part in the recipe and reload it. The change is logged under your name.'),
  ('clinic', 0, 'Aftercare for a chemical peel',
    'What do we tell clients after a medium peel?',
    'No sun for two weeks, sun protection factor 50 after that, no active ingredients for seven days. Redness for three days is normal.',
    'And if blisters appear?',
    'They should call at once and see the doctor on the same day. Do not advise creams by phone.'),
  ('clinic', 1, 'Moving a booking between branches',
    'A client wants to move her appointment from Harbour Street to Old Mill. Does the deposit move with it?',
    'Yes, deposits belong to the client and not to the branch. Cancel with the reason "moved" so that no fee is charged.',
    'She also wants another doctor.',
    'Then pick the slot first and confirm it with her: Dr. Sato is at Old Mill on Tuesdays and Fridays only.'),
  ('clinic', 2, 'Stock of hyaluronic filler',
    'How long does our stock of the 1 ml filler last?',
    'At the pace of the last eight weeks, nineteen days. The supplier needs six working days, so the order should leave this week.',
    'Order the usual amount.',
    'I have prepared a purchase order for forty units. It needs the approval of an admin.'),
  ('clinic', 3, 'Reminder texts',
    'Can you shorten our reminder text to one message?',
    'See you tomorrow at {time} in {branch}. Please come without make-up. Reply NO to cancel.',
    'Make it friendlier.',
    'We look forward to seeing you tomorrow at {time} in {branch}! Please come without make-up. Reply NO if you cannot make it.'),
  ('team', 0, 'Wording for water damage',
    'How do we describe category 2 water damage for the insurer?',
    'Water with significant contamination that may cause discomfort or illness on contact. Name the source and how long the material was wet.',
    'Source was a dishwasher, about nine hours.',
    'Then write: grey water from a dishwasher, exposure about nine hours, carpet and pad removed, subfloor dried to 12 percent.'),
  ('team', 1, 'Drying log is incomplete',
    'The drying log has a gap of one day. What do we tell the adjuster?',
    'Say so openly, give the readings before and after, and show that the trend is steady. Do not fill in values afterwards.',
    'The readings went from 19 to 15 percent.',
    'That is the expected rate for this material. Attach both photos of the meter with their time stamps.'),
  ('team', 2, 'Line items for a burst pipe',
    'Which line items do we need for a burst pipe in a bathroom?',
    'Extraction, removal of baseboards, containment, dehumidifiers by day, air movers by day, monitoring, antimicrobial treatment.',
    'The ceiling below is stained.',
    'Add detaching the ceiling light, removing the stained drywall and a sealer coat. Take a moisture map of the ceiling first.'),
  ('team', 3, 'Photo naming',
    'What is our naming scheme for photos?',
    'Report number, room, sequence, short word: 2081_kitchen_03_subfloor. The room must be one of the rooms of the report.',
    'Can you rename a batch?',
    'Upload them to the report and choose the rooms; the names follow by themselves.');

-- One row a conversation: who, when, about what, how many rounds.
create temporary table seeded_conversation as
select
  t.id as tenant_id,
  private.uuid_v7() as id,
  s.user_id,
  n.number,
  k.title,
  k.question,
  k.answer,
  k.follow_up,
  k.closing,
  date_trunc('day', now()) - make_interval(days => ((n.number * 7 + s.place * 3) % 120)::integer)
    + make_interval(hours => 8 + (n.number * 5) % 9, mins => (n.number * 17) % 60) as started_at,
  1 + (n.number + s.place::integer) % 4 as rounds
from public.tenants as t
cross join generate_series(0, 39) as n (number)
join seeded_topic as k on k.kind = t.kind and k.number = n.number % 4
join lateral (
  select m.user_id, row_number() over (order by m.user_id) as place, count(*) over () as people
  from public.memberships as m
  where m.tenant_id = t.id and m.role in ('member', 'manager', 'admin', 'owner')
) as s on s.place = 1 + (n.number % s.people)
where t.slug in ('acme', 'lakeside', 'brightside')
  and not exists (select from public.conversations as c where c.tenant_id = t.id);

insert into public.conversations (tenant_id, id, user_id, title, metadata, is_archived, created_at, updated_at)
select
  c.tenant_id,
  c.id,
  c.user_id,
  c.title,
  jsonb_build_object('model', case when c.number % 3 = 0 then 'large' else 'small' end),
  c.started_at < now() - interval '110 days',
  c.started_at,
  c.started_at + make_interval(mins => c.rounds * 4)
from seeded_conversation as c;

insert into public.messages (tenant_id, conversation_id, author_id, role, content, token_count, latency_ms, created_at, updated_at)
select
  c.tenant_id,
  c.id,
  c.user_id,
  said.role,
  said.content,
  ceil(char_length(said.content) / 4.0),
  case when said.role = 'assistant' then 600 + (c.number * 137 + r.round * 311) % 2400 end,
  c.started_at + make_interval(mins => r.round * 4, secs => said.place * 20),
  c.started_at + make_interval(mins => r.round * 4, secs => said.place * 20)
from seeded_conversation as c
cross join lateral generate_series(0, c.rounds) as r (round)
cross join lateral (
  values
    (0, 'user', case r.round % 2 when 0 then c.question else c.follow_up end),
    (1, 'assistant', case r.round % 2 when 0 then c.answer else c.closing end)
) as said (place, role, content)
order by c.started_at, r.round, said.place;

insert into public.feedback (tenant_id, message_id, user_id, rating, comment, created_at, updated_at)
select
  m.tenant_id,
  m.id,
  m.author_id,
  case when m.latency_ms % 5 = 0 then 'down' else 'up' end,
  case when m.latency_ms % 5 = 0 then 'Not specific enough.' when m.latency_ms % 11 = 0 then 'That solved it, thank you.' end,
  m.created_at + interval '1 minute',
  m.created_at + interval '1 minute'
from public.messages as m
join seeded_conversation as c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
where m.role = 'assistant' and m.latency_ms % 3 = 0;

insert into public.usage_metrics (tenant_id, user_id, day, tokens, messages, cost, created_at, updated_at)
select
  m.tenant_id,
  m.author_id,
  (m.created_at at time zone 'utc')::date,
  sum(m.token_count),
  count(*),
  round(sum(m.token_count) * 0.000012, 6),
  min(m.created_at),
  max(m.created_at)
from public.messages as m
join seeded_conversation as c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
group by m.tenant_id, m.author_id, (m.created_at at time zone 'utc')::date;

drop table seeded_conversation;
drop table seeded_topic;

alter table public.messages enable trigger _300_arrive;
alter table public.conversations enable trigger user;

select ops.refresh_materialized_views();
