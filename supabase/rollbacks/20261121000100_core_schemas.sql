alter default privileges grant execute on functions to public;

drop schema ops;
drop schema private;
