-- A matrix that is asked whether it notices one change need not go on after the first cell that differs.
create function tests.stop_at_first_cell() returns trigger language plpgsql as $$
begin
  raise exception using
    message = format('%s %s %s of %s: expected %s, got %s',
      new.actor, new.verb, new.position, new.object, new.expected, new.got);
end
$$;
create trigger stop_at_first_cell
  after insert on tests.cells
  for each row when (new.expected <> new.got)
  execute function tests.stop_at_first_cell();
