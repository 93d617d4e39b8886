-- All templates and all that was learned are lost.
call private.withdraw('public.learning_data');
drop table public.learning_data;
drop function public.record_template_use(uuid, uuid, boolean);
call private.withdraw('public.templates');
drop table public.templates;
