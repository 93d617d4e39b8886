-- Header; with a semicolon and a 'quote
-- second line
create table public.a (id int primary key, t text default 'x;y', e text default E'a\';b');

/* block; /* nested; */ comment; */
create function public.f() returns int language plpgsql as $$
begin
  -- comment; in body
  return 1;
end
$$;
;

create function public.g(a int, b int) returns int
  language sql
begin atomic
  select case when a > b then 1 end;
  select a + b;
end;
comment on function public.f() is 'it''s; fine';
do $tag$ begin perform 1; perform $$x;$$; end $tag$;
create table public."q;uo" (id int); create table public.c (id int); -- after a statement
-- The end.
