drop function private.next_statuses(regclass, text);
drop function private.tg__follow_life_cycle();
drop function private.statuses_after(text[], text);
