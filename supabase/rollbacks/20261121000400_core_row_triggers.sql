drop function private.tg__refuse_move();
drop function private.tg__touch();
