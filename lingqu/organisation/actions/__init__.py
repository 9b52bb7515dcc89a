"""What is done with firms, people, posts, stand-ins, tokens, and with the ways to sign in."""

from lingqu.organisation.actions.delegations import delegate, end_delegation
from lingqu.organisation.actions.firms import enter_person, give_post, open_firm, set_up_posts
from lingqu.organisation.actions.founding import Founding, found_company, readmit
from lingqu.organisation.actions.links import (
    invite,
    make_mailed_link,
    make_reset_link,
    take_invitation,
    take_reset_link,
    withdraw_invitation,
)
from lingqu.organisation.actions.second_factor import (
    check_code,
    enrol,
    make_recovery_codes,
    take_off_second_factor,
    turn_off_second_factor,
)
from lingqu.organisation.actions.sessions import (
    end_other_sessions,
    end_session,
    forget_sessions,
    move_session,
    note_seen,
    open_session,
    session_over,
)
from lingqu.organisation.actions.sign_ins import change_password, disable_sign_in, enable_sign_in, end_sessions_of, give_sign_in
from lingqu.organisation.actions.tokens import answer_once, forget_answers, make_token, note_token_use, revoke_token
from lingqu.organisation.actions.tries import begin_try, forget_tries, take_back_try

__all__ = [
    "Founding", "answer_once", "begin_try", "change_password", "check_code", "delegate", "disable_sign_in", "enable_sign_in",
    "end_delegation", "end_other_sessions", "end_session", "end_sessions_of", "enrol", "enter_person", "forget_answers",
    "forget_sessions", "forget_tries", "found_company", "give_post", "give_sign_in", "invite", "make_mailed_link",
    "make_recovery_codes", "make_reset_link", "make_token", "move_session", "note_seen", "note_token_use", "open_firm", "open_session",
    "readmit", "revoke_token", "session_over", "set_up_posts", "take_back_try", "take_invitation", "take_off_second_factor",
    "take_reset_link", "turn_off_second_factor", "withdraw_invitation",
]  # fmt: skip
