-- The history of refreshes is lost.
delete from ops.schedules where name = 'refresh-views';
drop function ops.refresh_materialized_views();
drop function ops.refresh_materialized_view(text);
drop function ops.list_materialized_views();
drop table ops.view_refreshes;
drop procedure private.publish_materialized_view(text, text);
