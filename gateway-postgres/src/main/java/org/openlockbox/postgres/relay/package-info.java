/// The relay of one session: one client, one one-shot role, one connection to the database.
///
/// ```text
///   client ─▶ ClientPump ─▶ StatementIntake, CopyIntake ─▶ Outlet ─▶ database
///                                  │  PreparedStatements, SessionRecord
///   client ◀─ Outlet ◀─ LargeMessage, ResultRecorder ◀─ AnswerIntake ◀─ ServerPump ◀─ database
/// ```
///
/// The pumps move bytes and never wait. The intakes know the protocol. What a message may do hangs
/// on a few states, each an enum with its table: [BatchPhase], [CopyPhase], [TurnResult], and those
/// inside [ResultRecorder], [RowCommitment], [LargeMessage], [Transaction], [Relay] and
/// [SessionShutdown].
@NullMarked
package org.openlockbox.postgres.relay;

import org.jspecify.annotations.NullMarked;
