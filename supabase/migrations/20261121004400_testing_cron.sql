-- Cron expressions of tenants: read, refused with a reason, and the next time in a time zone. (T4)
-- Not the dialect of ops.schedules: that one is what pg_cron and the local scheduler read alike, in
-- UTC, and its check only says yes or no. People write names, macros and L, live in time zones, and
-- want to know which field is wrong. What both share is the meaning of the two day fields.
--
-- When clocks change:
-- 1. A local time that is skipped comes as long after midnight as ever: 02:30 in the night in which
--    02:00 becomes 03:00 is 03:30. It is not lost; where another time of the same expression falls
--    on that moment, the two are one.
-- 2. A local time that comes twice counts the first time only. An expression whose minute or hour
--    field begins with a star (every hour, every 5 minutes) goes on through both, as Vixie cron does.

create function private.refuse_cron(message text, cron text)
  returns void
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'invalid_parameter_value',
    message = 'cron: ' || refuse_cron.message,
    detail = format('cron %s', refuse_cron.cron),
    hint = 'Five fields: minute hour day month weekday, such as 30 9 * * mon-fri, or @daily.';
end
$$;
comment on function private.refuse_cron(text, text) is 'Raises 22023 with what is wrong with a cron expression.';
revoke all on function private.refuse_cron(text, text) from public, anon, authenticated, service_role;


create function private.cron_number(word text, field text, lowest integer, highest integer, names text[], cron text)
  returns integer
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_number integer := cron_number.lowest + array_position(cron_number.names, cron_number.word) - 1;
begin
  if v_number is not null then
    return v_number;
  end if;
  if cron_number.word !~ '^[0-9]+$' then
    perform private.refuse_cron(
      format('the %s field holds %s, which it does not know.', cron_number.field, cron_number.word), cron_number.cron
    );
  end if;
  -- More digits than an integer has.
  v_number := left(cron_number.word, 9);
  if v_number not between cron_number.lowest and cron_number.highest then
    perform private.refuse_cron(
      format(
        'the %s field holds %s; it goes from %s to %s.',
        cron_number.field, cron_number.word, cron_number.lowest, cron_number.highest
      ),
      cron_number.cron
    );
  end if;
  return v_number;
end
$$;
comment on function private.cron_number(text, text, integer, integer, text[], text) is
  'The number that a word of a cron field stands for. Raises 22023.';
revoke all on function private.cron_number(text, text, integer, integer, text[], text)
  from public, anon, authenticated, service_role;


create function private.cron_field(content text, field text, lowest integer, highest integer, names text[], cron text)
  returns integer[]
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_part text;
  v_words text[];
  v_from integer;
  v_to integer;
  v_step integer;
  v_values integer[] := '{}';
begin
  foreach v_part in array string_to_array(cron_field.content, ',') loop
    if cron_field.field = 'day' and v_part = 'l' then
      v_values := v_values || 32;
      continue;
    end if;
    v_words := regexp_match(v_part, '^([a-z]{3}|[0-9]+)(?:#([1-5])|l)$');
    if cron_field.field = 'weekday' and v_words is not null then
      v_from := private.cron_number(
        v_words[1], cron_field.field, cron_field.lowest, cron_field.highest, cron_field.names, cron_field.cron
      );
      v_values := v_values || coalesce(v_words[2]::integer, 6) * 10 + v_from % 7;
      continue;
    end if;
    v_words := regexp_match(v_part, '^(?:(\*)|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:/([0-9]+))?$');
    if v_words is null then
      perform private.refuse_cron(
        format('the %s field holds %s, which it does not know.', cron_field.field, coalesce(nullif(v_part, ''), 'nothing')),
        cron_field.cron
      );
    end if;
    v_from := cron_field.lowest;
    v_to := cron_field.highest;
    if v_words[2] is not null then
      v_from := private.cron_number(
        v_words[2], cron_field.field, cron_field.lowest, cron_field.highest, cron_field.names, cron_field.cron
      );
      if v_words[3] is not null then
        v_to := private.cron_number(
          v_words[3], cron_field.field, cron_field.lowest, cron_field.highest, cron_field.names, cron_field.cron
        );
        -- Sunday ends a week as well as it begins one: sat-sun.
        if cron_field.field = 'weekday' and v_from > 0 and v_to = 0 then
          v_to := 7;
        end if;
      elsif v_words[4] is null then
        v_to := v_from;
      end if;
    end if;
    if v_from > v_to then
      perform private.refuse_cron(
        format('the %s field holds %s, a range that goes down.', cron_field.field, v_part), cron_field.cron
      );
    end if;
    v_step := left(coalesce(v_words[4], '1'), 9);
    if v_step not between 1 and cron_field.highest then
      perform private.refuse_cron(
        format('the %s field holds %s; its steps go from 1 to %s.', cron_field.field, v_part, cron_field.highest),
        cron_field.cron
      );
    end if;
    v_values := v_values || array(select generate_series(v_from, v_to, v_step));
  end loop;
  return array(
    select distinct case when cron_field.field = 'weekday' and v = 7 then 0 else v end as value
    from unnest(v_values) as v
    order by value
  );
end
$$;
comment on function private.cron_field(text, text, integer, integer, text[], text) is
  'The numbers that a field of a cron expression stands for, ascending. Day 32 is the last one of a '
  'month; weekday 25 is the second Friday of a month, 65 the last one. Raises 22023.';
revoke all on function private.cron_field(text, text, integer, integer, text[], text)
  from public, anon, authenticated, service_role;


create function private.parse_cron(
  cron text,
  out minutes integer[],
  out hours integer[],
  out days integer[],
  out months integer[],
  out weekdays integer[],
  out needs_both boolean,
  out is_repeating boolean
)
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_text text := lower(btrim(regexp_replace(left(parse_cron.cron, 301), '\s+', ' ', 'g')));
  v_fields text[];
begin
  -- A list of all 60 minutes has 169 letters.
  if parse_cron.cron is null or v_text = '' or char_length(parse_cron.cron) > 300 then
    perform private.refuse_cron('an expression has 1 to 300 letters.', left(parse_cron.cron, 301));
  end if;
  v_fields := string_to_array(
    case v_text
      when '@yearly' then '0 0 1 1 *'
      when '@annually' then '0 0 1 1 *'
      when '@monthly' then '0 0 1 * *'
      when '@weekly' then '0 0 * * 0'
      when '@daily' then '0 0 * * *'
      when '@midnight' then '0 0 * * *'
      when '@hourly' then '0 * * * *'
      else v_text
    end,
    ' '
  );
  if v_text like '@%' and cardinality(v_fields) = 1 then
    perform private.refuse_cron(
      format('there is no %s; there are @hourly, @daily, @weekly, @monthly and @yearly.', v_text), parse_cron.cron
    );
  end if;
  if cardinality(v_fields) <> 5 then
    perform private.refuse_cron(
      format('%s fields where five belong: minute, hour, day, month and weekday.', cardinality(v_fields)), parse_cron.cron
    );
  end if;
  -- A question mark, as Quartz wants in one of the two, is a star.
  for i in 3..5 by 2 loop
    if v_fields[i] = '?' then
      v_fields[i] := '*';
    end if;
  end loop;
  parse_cron.minutes := private.cron_field(v_fields[1], 'minute', 0, 59, '{}', parse_cron.cron);
  parse_cron.hours := private.cron_field(v_fields[2], 'hour', 0, 23, '{}', parse_cron.cron);
  parse_cron.days := private.cron_field(v_fields[3], 'day', 1, 31, '{}', parse_cron.cron);
  parse_cron.months := private.cron_field(
    v_fields[4], 'month', 1, 12, '{jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec}', parse_cron.cron
  );
  parse_cron.weekdays := private.cron_field(
    v_fields[5], 'weekday', 0, 7, '{sun, mon, tue, wed, thu, fri, sat}', parse_cron.cron
  );
  -- As in ops.find_run_due: the first letter decides, so */2 counts as a star.
  parse_cron.needs_both := v_fields[3] like '*%' or v_fields[5] like '*%';
  parse_cron.is_repeating := v_fields[1] like '*%' or v_fields[2] like '*%';
end
$$;
comment on function private.parse_cron(text) is
  'A cron expression as lists of numbers (private.cron_field). needs_both: a day must match both day '
  'fields, as one of them begins with a star. is_repeating: it goes on through an hour that comes '
  'twice. Raises 22023, naming the field and what is wrong in it.';
revoke all on function private.parse_cron(text) from public, anon, authenticated, service_role;


create function private.next_cron_minute(
  minutes integer[],
  hours integer[],
  days integer[],
  months integer[],
  weekdays integer[],
  needs_both boolean,
  after timestamp
)
  returns timestamp
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_from constant timestamp := date_trunc('minute', next_cron_minute.after) + interval '1 minute';
  v_from_day constant date := v_from::date;
  v_from_year constant integer := extract(year from v_from);
  v_month integer;
  v_first date;
  v_length integer;
  v_weekday integer;
  v_is_day boolean;
  v_is_weekday boolean;
  v_earliest integer;
  v_hour integer;
  v_minute integer;
begin
  -- The calendar repeats after 28 years, or 40 around a year like 2100: then it never comes.
  for v_year in v_from_year..v_from_year + 41 loop
    foreach v_month in array next_cron_minute.months loop
      v_first := make_date(v_year, v_month, 1);
      v_length := (v_first + interval '1 month')::date - v_first;
      for v_day in greatest(1, v_from_day - v_first + 1)..v_length loop
        v_weekday := (extract(isodow from v_first)::integer + v_day - 1) % 7;
        v_is_day := v_day = any (next_cron_minute.days) or (v_day = v_length and 32 = any (next_cron_minute.days));
        v_is_weekday := v_weekday = any (next_cron_minute.weekdays)
          or (v_day + 6) / 7 * 10 + v_weekday = any (next_cron_minute.weekdays)
          or (v_day > v_length - 7 and 60 + v_weekday = any (next_cron_minute.weekdays));
        continue when not (v_is_day and v_is_weekday)
          and (next_cron_minute.needs_both or not (v_is_day or v_is_weekday));
        v_earliest := case
          when v_first + v_day - 1 > v_from_day then 0
          else extract(hour from v_from) * 60 + extract(minute from v_from)
        end;
        foreach v_hour in array next_cron_minute.hours loop
          continue when v_hour * 60 + 59 < v_earliest;
          foreach v_minute in array next_cron_minute.minutes loop
            if v_hour * 60 + v_minute >= v_earliest then
              return make_timestamp(v_year, v_month, v_day, v_hour, v_minute, 0);
            end if;
          end loop;
        end loop;
      end loop;
    end loop;
  end loop;
  return null;
end
$$;
comment on function private.next_cron_minute(integer[], integer[], integer[], integer[], integer[], boolean, timestamp) is
  'The first minute after another one on a clock that never changes; the lists are those of '
  'private.parse_cron. Null: it never comes (31 February).';
revoke all on function private.next_cron_minute(integer[], integer[], integer[], integer[], integer[], boolean, timestamp)
  from public, anon, authenticated, service_role;


create function private.zone_offset(time_zone text, at timestamptz)
  returns interval
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return (zone_offset.at at time zone zone_offset.time_zone) - (zone_offset.at at time zone 'utc');
end
$$;
comment on function private.zone_offset(text, timestamptz) is 'What a zone''s clocks are ahead of UTC at a moment.';
revoke all on function private.zone_offset(text, timestamptz) from public, anon, authenticated, service_role;


create function private.next_cron_time(cron text, time_zone text, after timestamptz)
  returns timestamptz
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_cron constant record := private.parse_cron(next_cron_time.cron);
  v_zone constant text := next_cron_time.time_zone;
  v_after constant timestamptz := next_cron_time.after;
  -- No change of clocks is larger than a day (Samoa left out one in 2011).
  v_local timestamp := (v_after at time zone 'utc') + least(
    private.zone_offset(v_zone, v_after - interval '1 day'),
    private.zone_offset(v_zone, v_after),
    private.zone_offset(v_zone, v_after + interval '1 day')
  );
  v_first timestamptz;
  v_last timestamptz;
  v_best timestamptz;
begin
  -- Around a change of clocks the order on the clock is not the order of time: all local times that
  -- could come first are looked at. On other days that is one.
  loop
    v_local := private.next_cron_minute(
      v_cron.minutes, v_cron.hours, v_cron.days, v_cron.months, v_cron.weekdays, v_cron.needs_both, v_local
    );
    exit when v_local is null;
    -- PostgreSQL reads a skipped time by the offset before the change, and takes the later one of two.
    v_last := v_local at time zone v_zone;
    v_first := (v_local - private.zone_offset(v_zone, v_last - interval '1 day')) at time zone 'utc';
    if v_first > v_last or v_first at time zone v_zone <> v_local then
      v_first := v_last;
    end if;
    if v_first > v_after then
      v_best := least(v_best, v_first);
    elsif v_cron.is_repeating and v_last > v_after then
      v_best := least(v_best, v_last);
    end if;
    exit when (v_local at time zone 'utc') - greatest(
      private.zone_offset(v_zone, v_best - interval '1 day'),
      private.zone_offset(v_zone, v_best),
      private.zone_offset(v_zone, v_best + interval '1 day')
    ) >= v_best;
  end loop;
  return v_best;
end
$$;
comment on function private.next_cron_time(text, text, timestamptz) is
  'The first moment after another one at which a cron expression comes in a time zone. Skipped local '
  'times come as long after midnight as ever; repeated ones count once, unless the minute or hour '
  'field begins with a star. Null: never. Raises 22023.';
revoke all on function private.next_cron_time(text, text, timestamptz) from public, anon, authenticated, service_role;


create function private.require_cron(cron text)
  returns void
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_cron constant record := private.parse_cron(require_cron.cron);
begin
  if private.next_cron_minute(
    v_cron.minutes, v_cron.hours, v_cron.days, v_cron.months, v_cron.weekdays, v_cron.needs_both, '2000-01-01'
  ) is null then
    perform private.refuse_cron('no such day ever comes.', require_cron.cron);
  end if;
end
$$;
comment on function private.require_cron(text) is
  'Raises 22023 for a text that is no cron expression, and for one that never comes.';
revoke all on function private.require_cron(text) from public, anon, authenticated, service_role;


-- pg_timezone_names reads every file of the zones, which takes tens of milliseconds.
create table private.time_zones (
  name text not null,
  constraint time_zones_pkey primary key (name)
);
comment on table private.time_zones is
  'The IANA names of places, and UTC and GMT, as the server knew them when this was made. Newer ones '
  'are found as well, only more slowly.';

alter table private.time_zones enable row level security;
revoke all on private.time_zones from public, anon, authenticated, service_role;

insert into private.time_zones (name)
select z.name
from pg_catalog.pg_timezone_names as z
where z.name in ('UTC', 'GMT') or z.name ~ '^[A-Z][A-Za-z]*/';


create function private.require_time_zone(time_zone text)
  returns void
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  if exists (select from private.time_zones as z where z.name = require_time_zone.time_zone) then
    return;
  end if;
  -- posix/ and right/ are other clocks of the same places; abbreviations and offsets are no place.
  if require_time_zone.time_zone ~ '^[A-Z][A-Za-z]*/'
    and exists (select from pg_catalog.pg_timezone_names as z where z.name = require_time_zone.time_zone)
  then
    return;
  end if;
  raise exception using
    errcode = 'invalid_parameter_value',
    message = format(
      'time_zone: there is no time zone %s.', coalesce(quote_literal(left(require_time_zone.time_zone, 100)), 'null')
    ),
    hint = 'Use the IANA name of a place, such as Europe/Berlin, or UTC.';
end
$$;
comment on function private.require_time_zone(text) is
  'Raises 22023 unless a text is the IANA name of a place, spelled as there, or UTC or GMT. '
  'Abbreviations such as EST are refused: they do not follow the clocks of any place.';
revoke all on function private.require_time_zone(text) from public, anon, authenticated, service_role;
