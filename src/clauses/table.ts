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
F-1 | 2 feature | MUST | server | Advertise <sm xmlns='urn:xmpp:sm:3'/> in stream features, only once the peer may start sending stanzas (after authentication), beside bind.
E-1 | 3 enable | MUST | client | Never send <enable/> before authentication has completed.
E-2 | 3 enable | MUST | client | On c2s, never send <enable/> before a resource is bound.
E-3 | 3 enable | SHALL | server | Answer <enable/> that comes before authentication or before bind with <failed/> holding unexpected-request; the stream stays usable.
E-4 | 3 enable | MUST | server | Answer every <enable/> with <enabled/> or <failed/> in urn:xmpp:sm:3.
E-5 | 3 enable | MUST | server | Put resume='true' (or '1') and an id on <enabled/> exactly when the session can be resumed.
E-6 | 3 enable | MAY | both | 'max' on <enable/> is the client's wish in seconds; 'max' on <enabled/> is what the server grants: never more than the server's limit, never more than the wish.
E-7 | 3 enable | MAY | server | 'location' on <enabled/>: host or IP with optional port, IPv6 in brackets; the client tries it first on reconnect and falls back to the ordinary connection rules.
E-8 | 3 enable | SHALL | client | At most one <enable/> per stream.
E-9 | 3 enable | SHOULD | server | A second <enable/> gets <failed/> with unexpected-request and/or a stream error; a running session is never reset by it.
E-10 | 3 enable | MUST | both | xs:boolean: 'true','1','false','0' are the only lexical forms; white space is collapsed; absent means false.
E-11 | 3 enable | MUST | client | <failed/> to <enable/> is recoverable: the stream goes on without stream management.
E-12 | 3 enable | MUST | both | 'max' is xs:positiveInteger: 0, negative, fractional or huge values never crash or give an endless session.
A-1 | 4 acks | MUST | both | The outbound counter is zeroed and started right after sending <enable/> (client) or <enabled/> (server): stanzas sent between <enable/> and <enabled/> count.
A-2 | 4 acks | MUST | both | The inbound counter (h) is zeroed and started right after receiving <enable/> (server) or <enabled/> (client).
A-3 | 4 acks | MUST | both | Only message, presence and iq in the stream's content namespace count; nonzas, stream-level elements and white space do not.
A-4 | 4 acks | MUST | both | h is xs:unsignedInt and wraps from 4294967295 to 0; every comparison, trim and too-high check stays right across the wrap.
A-5 | 4 acks | MUST | both | <r/> is answered with <a h/> without delay, also when nothing new came.
A-6 | 4 acks | MAY | both | <a/> may be sent unasked at any time; an unasked <a/> is treated like any other.
A-7 | 4 acks | MUST | both | <a/> has an h; a missing, negative, non-numeric, signed or overlong h is an error of the peer: a clear stream error, nothing trimmed.
A-8 | 4 acks | SHOULD | both | An h above what was sent closes the stream with undefined-condition plus handled-count-too-high carrying h and send-count.
A-9 | 4 acks | SHOULD | both | An h lower than one already acknowledged (serial arithmetic) trims nothing and is reported; it never re-queues or drops.
A-10 | 4 acks | SHOULD | both | A last <a/> is sent right before a graceful stream close.
A-11 | 4 acks | MUST | both | The same h twice trims nothing the second time and is no error.
A-12 | 4 acks | SHOULD | server | Unacknowledged stanzas of a session that is given up are returned as errors to their senders, delivered elsewhere, or stored offline; with a delay stamp of the first attempt.
A-13 | 4 acks | SHOULD | client | Unacknowledged stanzas of a session that is lost are re-sent on the new one with a delay stamp of the first attempt, or the application is told, stanza by stanza.
A-14 | 4 acks | MUST | both | 'h' counts stanzas handled, that is taken responsibility for: an application may defer handling, and h never runs ahead of it.
R-1 | 5 resumption | MUST | client | Ask for resumption with resume='true' on <enable/>; a <resume/> is sent only for a session whose <enabled/> granted it.
R-2 | 5 resumption | MUST | server | The SM-ID is made by the server, unguessable, at most 4000 bytes, never used twice; the client treats it as opaque.
R-3 | 5 resumption | MUST | client | <resume/> carries previd and the h of the last handled stanza of the former stream; it is sent in place of resource binding.
R-4 | 5 resumption | MUST | server | <resumed/> carries previd and h; after it every stanza still unacknowledged is sent again, in order, before anything newer.
R-5 | 5 resumption | MUST | both | <resume h/> and <resumed h/> are processed like <a h/> (also its error cases), then the rest is re-sent.
R-6 | 5 resumption | MUST | both | Counters carry over a resumption; a re-sent stanza is not counted a second time.
R-7 | 5 resumption | MUST | server | Unknown or foreign previd: <failed/> with item-not-found; the same answer for another user's session as for none (no oracle).
R-8 | 5 resumption | MAY | server | Expired but remembered previd: <failed h=…/> with item-not-found and the final inbound count.
R-9 | 5 resumption | MUST | server | Resumption switched off: <failed/> with feature-not-implemented.
R-10 | 5 resumption | SHOULD | server | After a failed <resume/> the client may bind on the same stream without authenticating again; <enable/> then works.
R-11 | 5 resumption | SHOULD | server | Resuming a session whose old stream is still open closes the old stream with the conflict stream error, and nothing is lost or doubled in between.
R-12 | 5 resumption | MUST | server | No resumption before authentication, and only by the same account.
R-13 | 5 resumption | SHOULD NOT | client | After <resumed/> do not request the roster, re-send presence or repeat discovery.
R-14 | 5 resumption | MUST | server | <resume/> on a stream that has bound a resource or already has a session: <failed/> with unexpected-request.
R-15 | 5 resumption | MUST | client | After <failed h/> the part of the queue up to h is delivered, the rest is not: never re-send what h covers.
R-16 | 5 resumption | SHOULD | client | Reconnection prefers 'location', then the ordinary address; TLS session resumption is used where the socket layer offers it.
R-17 | 5 resumption | MAY | both | A resumed stream that breaks again while replaying stays resumable; any number of breaks loses and doubles nothing the counters can tell apart.
X-1 | 6 errors | MUST | server | Errors of <enable/> and <resume/> are <failed/> with one stanza error condition of RFC 6120.
X-2 | 6 errors | MUST | both | Unknown elements in urn:xmpp:sm:3, or known ones in a state where they mean nothing, never crash; they get the documented answer or are ignored.
C-1 | 7 closure | MUST | both | A clean </stream:stream> ends the session: no hibernation, and unavailable presence on the client's behalf.
C-2 | 7 closure | SHOULD | server | Any other loss of the stream hibernates a resumable session for the granted time.
C-3 | 7 closure | MUST | server | A session that is not resumable ends at once on loss, and its unacknowledged stanzas are returned (A-12).
P-1 | 8 policy | SHOULD | both | Ask for acks by batch (every N stanzas), by idle time, and before going idle; never an <r/> per stanza by default, never a second <r/> while one is unanswered.
P-2 | 8 policy | SHOULD | both | An <r/> that stays unanswered past a limit is reported (ack delayed) and then treated as a dead stream.
P-3 | 8 policy | SHOULD | both | On a mobile or inactive (XEP-0352) client, acks ride along with other traffic.
I-1 | 9 inline | MUST | server | SASL2: <sm/> in its inline features; BIND2: a feature element for urn:xmpp:sm:3.
I-2 | 9 inline | MUST | server | An inline <resume/> is processed before an inline <bind/>; on success bind is ignored and no stream features follow.
I-3 | 9 inline | MUST | server | On a failed inline <resume/> the <failed/> is inside <success/> and the inline bind (with its <enable/>) goes ahead.
I-4 | 9 inline | MUST | server | A failed inline <enable/> is a <failed/> inside <bound/>.
I-5 | 9 inline | MUST | client | The inline answers are understood in all five combinations of the specification's examples.
S-1 | 10 security | MUST | both | Inline resumption is not carried in TLS 0-RTT data.
S-2 | 10 security | MUST | server | Memory that one account or one peer can pin is bounded: queue length and bytes, hibernating sessions, remembered h values.
S-3 | 10 security | MUST | both | Input that is not well-formed, or uses what XMPP forbids (DTD, comments, processing instructions, entity references), ends the stream with the right stream error; size and depth are bounded.
M-1 | mod_smacks | MUST | server | Hibernation time: how long a disconnected session is kept (default 300 s there, 600 s in later releases).
M-2 | mod_smacks | MUST | server | On timeout the user goes offline as usual and the queued stanzas return to their senders with recipient-unavailable.
M-3 | mod_smacks | MUST | server | Policy on timeout can be replaced: return as errors, hand to offline storage, or drop without an error.
M-4 | mod_smacks | MUST | server | Events: ack delayed, hibernation start, hibernation end, and a stanza queued while hibernating, with what a push service needs.
M-5 | mod_smacks | MUST | server | Max unacknowledged stanzas before an ack is requested (0 = at once when idle there), and another number for inactive clients.
M-6 | mod_smacks | MUST | server | Max ack delay (60 s there) before the ack-delayed event.
M-7 | mod_smacks | MUST | server | Per-user limit of hibernating sessions (10): the oldest gives way, with its stanzas returned.
M-8 | mod_smacks | MUST | server | Per-user limit of remembered h values of expired sessions (10), kept past the timeout.
M-9 | mod_smacks | MUST | both | Stream management between servers (s2s), off or on by option.
M-10 | mod_smacks | SHOULD | server | Queue limit (500 in later releases): past it the session is no longer resumable, or the stream is closed with an error; documented, never silent loss.`;

export const clauses: readonly Clause[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [id = '', section = '', level, role, text = ''] = line.split(' | ');
    return { id, section, level: level as Clause['level'], role: role as Clause['role'], text };
  });

/** Every id. */
export const CLAUSES: readonly string[] = clauses.map(({ id }) => id);
