-- No data is lost.
drop function private.require_time_zone(text);
drop table private.time_zones;
drop function private.require_cron(text);
drop function private.next_cron_time(text, text, timestamptz);
drop function private.zone_offset(text, timestamptz);
drop function private.next_cron_minute(integer[], integer[], integer[], integer[], integer[], boolean, timestamp);
drop function private.parse_cron(text);
drop function private.cron_field(text, text, integer, integer, text[], text);
drop function private.cron_number(text, text, integer, integer, text[], text);
drop function private.refuse_cron(text, text);
