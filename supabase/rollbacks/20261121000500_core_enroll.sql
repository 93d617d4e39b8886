drop procedure private.enroll(text, text, text, text, text, text, text, text[], text[], boolean, boolean, text);
drop procedure private.withdraw(text);
drop function private.relation_name(text);
drop function private.check_enrollable(regclass, text, text[]);
drop table private.enrollments;
