/** The clauses by id: XEP-0198 by section, then the additions of mod_smacks. Charts, checks, tests and docs cite the ids. */
export interface Clause {
  readonly id: string;
  /** The section of XEP-0198 and its topic; or mod_smacks. */
  readonly section: string;
  readonly level: 'MUST' | 'MUST NOT' | 'SHALL' | 'SHOULD' | 'SHOULD NOT' | 'MAY';
  readonly role: 'client' | 'server' | 'both';
  readonly text: string;
}

/** Each line is one clause: id, section, level, role, requirement. */
const TABLE = `
F-1 | 2 feature | MUST | server | The server offers <sm xmlns='urn:xmpp:sm:3'/> in the stream features beside bind, only after the peer has authenticated.
E-1 | 3 enable | MUST | client | The client never sends <enable/> before authentication has completed.
E-2 | 3 enable | MUST | client | Between client and server, the client never sends <enable/> before a resource is bound.
E-3 | 3 enable | SHALL | server | The server answers an <enable/> before authentication or before bind with <failed/> and unexpected-request; the stream goes on.
E-4 | 3 enable | MUST | server | The server answers every <enable/> with <enabled/> or <failed/> in urn:xmpp:sm:3.
E-5 | 3 enable | MUST | server | <enabled/> has resume='true' (or '1') and an id exactly when the session can be resumed.
E-6 | 3 enable | MAY | both | 'max' on <enable/> is the time in seconds that the client wishes. 'max' on <enabled/> is the time that the server grants: at most the server's limit, and at most the wish.
E-7 | 3 enable | MAY | server | 'location' on <enabled/> is a host or IP address with an optional port; an IPv6 address is in brackets. The client tries it first when it reconnects, and then follows the usual connection rules.
E-8 | 3 enable | SHALL | client | The client sends at most one <enable/> on each stream.
E-9 | 3 enable | SHOULD | server | The server answers a second <enable/> with <failed/> and unexpected-request, or with a stream error; the running session does not change.
E-10 | 3 enable | MUST | both | The values of xs:boolean are 'true', '1', 'false' and '0', and white space around them is ignored. A missing attribute means false.
E-11 | 3 enable | MUST | client | After <failed/> to <enable/> the stream goes on without stream management.
E-12 | 3 enable | MUST | both | 'max' is an xs:positiveInteger. The values 0, negative, fractional and very large cause no crash and no session without end.
A-1 | 4 acks | MUST | both | The outbound counter is set to 0 and starts right after the client has sent <enable/>, or the server has sent <enabled/>. Stanzas of the client between <enable/> and <enabled/> count.
A-2 | 4 acks | MUST | both | The inbound counter (h) is set to 0 and starts right after the server has received <enable/>, or the client has received <enabled/>.
A-3 | 4 acks | MUST | both | Only message, presence and iq in the content namespace of the stream count. Nonzas, stream-level elements and white space do not count.
A-4 | 4 acks | MUST | both | h is an xs:unsignedInt and wraps from 4294967295 to 0. Every comparison, every removal from the queue and every check for too high is correct across the wrap.
A-5 | 4 acks | MUST | both | Both sides answer <r/> with <a h/> without delay, also when no new stanza came.
A-6 | 4 acks | MAY | both | Both sides may send <a/> at any time without an <r/>. Such an <a/> has the same effect as any other.
A-7 | 4 acks | MUST | both | <a/> has an h. A missing, negative, non-numeric, signed or too long h is an error of the peer: it gets a stream error, and the queue does not change.
A-8 | 4 acks | SHOULD | both | An h above the number of sent stanzas closes the stream with undefined-condition and handled-count-too-high, which has h and send-count.
A-9 | 4 acks | SHOULD | both | An h below an h that was acknowledged before (serial arithmetic) is reported. It removes no stanza from the queue and adds none.
A-10 | 4 acks | SHOULD | both | A side that closes a stream gracefully sends a last <a/> right before the close.
A-11 | 4 acks | MUST | both | When the same h comes twice, the second one removes no stanza from the queue and is not an error.
A-12 | 4 acks | SHOULD | server | When a session ends, the server returns its unacknowledged stanzas to their senders as errors, delivers them to another resource, or stores them offline, with a delay stamp of the first attempt.
A-13 | 4 acks | SHOULD | client | When a session is lost, the client sends its unacknowledged stanzas again on the new session with a delay stamp of the first attempt, or reports each stanza to the application.
A-14 | 4 acks | MUST | both | 'h' counts handled stanzas: the stanzas for which this side has taken responsibility. An application may handle a stanza later; h never counts a stanza before that.
R-1 | 5 resumption | MUST | client | The client requests resumption with resume='true' on <enable/>. It sends <resume/> only for a session whose <enabled/> granted resumption.
R-2 | 5 resumption | MUST | server | The server makes the SM-ID. It cannot be guessed, has at most 4000 bytes, and is never used twice. The client does not interpret it.
R-3 | 5 resumption | MUST | client | <resume/> has previd and the h of the last handled stanza of the former stream. The client sends it in place of resource binding.
R-4 | 5 resumption | MUST | server | <resumed/> has previd and h. After it the server sends every unacknowledged stanza again, in order, before any newer stanza.
R-5 | 5 resumption | MUST | both | Both sides process <resume h/> and <resumed h/> like <a h/>, also its error cases; then they send the remaining stanzas again.
R-6 | 5 resumption | MUST | both | The counters go on after a resumption. A stanza that is sent again is not counted a second time.
R-7 | 5 resumption | MUST | server | The server answers an unknown previd with <failed/> and item-not-found. The answer for the session of another user is the same, so it does not show that the session exists.
R-8 | 5 resumption | MAY | server | The server may remember the h of an expired session. It then answers with <failed h=…/>, item-not-found and the final inbound count.
R-9 | 5 resumption | MUST | server | When resumption is switched off, the server answers <resume/> with <failed/> and feature-not-implemented.
R-10 | 5 resumption | SHOULD | server | After a failed <resume/> the client may bind on the same stream without a new authentication, and then send <enable/>.
R-11 | 5 resumption | SHOULD | server | When a client resumes a session whose old stream is still open, the server closes the old stream with the stream error conflict. No stanza is lost or doubled.
R-12 | 5 resumption | MUST | server | The server resumes a session only after authentication, and only for the same account.
R-13 | 5 resumption | SHOULD NOT | client | After <resumed/> the client does not request the roster, send its presence or discover services again.
R-14 | 5 resumption | MUST | server | The server answers <resume/> on a stream with a bound resource or a session with <failed/> and unexpected-request.
R-15 | 5 resumption | MUST | client | After <failed h/> the stanzas up to h are delivered, and the client never sends them again. The later stanzas are not delivered.
R-16 | 5 resumption | SHOULD | client | The client reconnects to 'location' first, then to the usual address. It uses TLS session resumption when the socket layer offers it.
R-17 | 5 resumption | MAY | both | A resumed stream that breaks during the replay can be resumed again. After any number of breaks, no stanza is lost or doubled as far as the counters can show.
X-1 | 6 errors | MUST | server | The server answers a wrong <enable/> or <resume/> with <failed/> and one stanza error condition of RFC 6120.
X-2 | 6 errors | MUST | both | An unknown element in urn:xmpp:sm:3, or a known element in a state where it has no meaning, causes no crash: it gets the documented answer, or is ignored.
C-1 | 7 closure | MUST | both | A clean </stream:stream> ends the session: it does not hibernate, and the server sends unavailable presence for the client.
C-2 | 7 closure | SHOULD | server | After any other loss of the stream, a session that can be resumed hibernates for the granted time.
C-3 | 7 closure | MUST | server | A session that cannot be resumed ends at once when its stream is lost, and its unacknowledged stanzas are returned (A-12).
P-1 | 8 policy | SHOULD | both | Both sides send <r/> after a number of stanzas, after a time without traffic, and before they become idle. By default they do not send <r/> for each stanza, and never a second <r/> while one is unanswered.
P-2 | 8 policy | SHOULD | both | When an <r/> stays unanswered longer than a limit, this is reported (ack delayed). Later the stream counts as dead.
P-3 | 8 policy | SHOULD | both | For a mobile or inactive client (XEP-0352), acks go together with other traffic.
I-1 | 9 inline | MUST | server | The server offers <sm/> in the inline features of SASL2, and the feature urn:xmpp:sm:3 in BIND2.
I-2 | 9 inline | MUST | server | The server processes an inline <resume/> before an inline <bind/>. When it succeeds, the server ignores <bind/>, and no stream features follow.
I-3 | 9 inline | MUST | server | When an inline <resume/> fails, <success/> contains the <failed/>, and the server carries out the inline <bind/> with its <enable/>.
I-4 | 9 inline | MUST | server | When an inline <enable/> fails, <bound/> contains the <failed/>.
I-5 | 9 inline | MUST | client | The client understands the inline answers in all five combinations of the specification's examples.
S-1 | 10 security | MUST | both | Neither side sends or accepts an inline resumption in TLS 0-RTT data.
S-2 | 10 security | MUST | server | The memory that one account or one peer can use is limited: length and bytes of the queue, hibernating sessions, remembered h values.
S-3 | 10 security | MUST | both | Input that is not well-formed, or contains XML that XMPP forbids (DTD, comments, processing instructions, entity references), ends the stream with the right stream error. Size and depth are limited.
M-1 | mod_smacks | MUST | server | The hibernation time is the time for which the server keeps a disconnected session (mod_smacks: 300 s, in later releases 600 s).
M-2 | mod_smacks | MUST | server | When a session expires, the user goes offline as usual, and the queued stanzas return to their senders with recipient-unavailable.
M-3 | mod_smacks | MUST | server | The policy at the end of a session can be replaced: return the stanzas as errors, store them offline, or drop them without an error.
M-4 | mod_smacks | MUST | server | The server reports a delayed ack, the start and the end of hibernation, and a stanza queued during hibernation, with the data that a push service needs.
M-5 | mod_smacks | MUST | server | A limit says how many stanzas may be unacknowledged before the server sends <r/> (mod_smacks: 0, which means at once). Another limit holds for inactive clients.
M-6 | mod_smacks | MUST | server | A limit says how long an ack may be late before the server reports it (mod_smacks: 60 s).
M-7 | mod_smacks | MUST | server | The hibernating sessions of one user are limited (10). Beyond the limit the oldest session ends, and its stanzas are returned.
M-8 | mod_smacks | MUST | server | The remembered h values of expired sessions of one user are limited (10). The server keeps them after the sessions have expired.
M-9 | mod_smacks | MUST | both | Stream management also works between servers (s2s), and an option switches it on or off.
M-10 | mod_smacks | SHOULD | server | The queue is limited (mod_smacks: 500 in later releases). Beyond the limit the session can no longer be resumed, or the stream is closed with an error. The server never loses a stanza in silence.`;

export const clauses: readonly Clause[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [id = '', section = '', level, role, text = ''] = line.split(' | ');
    return { id, section, level: level as Clause['level'], role: role as Clause['role'], text };
  });

/** Every id. */
export const CLAUSES: readonly string[] = clauses.map(({ id }) => id);
