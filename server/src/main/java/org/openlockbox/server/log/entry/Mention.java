package org.openlockbox.server.log.entry;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.TicketEvent;

/// What a batch has to be looked into for. An index over the log, not a part of it: readers of the
/// log check what they are given.
///
/// What happened in a request's sessions is mentioned by the first batch of a block that has any of
/// it, and stands for those after it in the block: a busy session writes one mention for many
/// appends, and a reader looks into a bounded number of batches in vain.
public record Mention(MentionKind kind, String about) {
  /// So many indices are a block. A batch belongs to the block that it begins in.
  public static final int BLOCK = 64;

  public enum MentionKind {
    /// What decides about a request: itself, its review, decisions, and what ended it.
    AUTHORITY,
    /// What happened in a request's sessions.
    SESSION,
    /// What the tenant signed for a ticket.
    TICKET,
    /// Genesis, changes of the keyring, and recoveries of the log.
    KEYRING,
    /// Revocations and other ends.
    ENDING,
    /// What was erased.
    ERASURE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Mention KEYRING = new Mention(MentionKind.KEYRING, "");
  public static final Mention ENDING = new Mention(MentionKind.ENDING, "");
  private static final Mention ERASURE = new Mention(MentionKind.ERASURE, "");

  /// The block of a batch that begins at this index.
  public static long block(long firstSeq) {
    return firstSeq / BLOCK;
  }

  /// Whether one in a block stands for those after it.
  public boolean standsForBlock() {
    return kind == MentionKind.SESSION;
  }

  /// What an entry is about, as it is found again later.
  ///
  /// @param request the request that the entry belongs to; empty for the keyring's, recoveries and
  ///   erasures, and for no other, or nobody would find it
  public static Collection<Mention> of(EntryBody body, Optional<RequestId> request) {
    return switch (body) {
      case KeyringEvent _, RecoveryEvent _ -> List.of(KEYRING);
      case TicketEvent ticket ->
          List.of(new Mention(MentionKind.TICKET, ticket.claimed().ticket()));
      case ErasedEvent _ -> List.of(ERASURE);
      case RequestEvent.Revoked _, RequestEvent.Ended _ ->
          List.of(mention(MentionKind.AUTHORITY, request), ENDING);
      case RequestEvent _ -> List.of(mention(MentionKind.AUTHORITY, request));
      case SessionEvent _ -> List.of(mention(MentionKind.SESSION, request));
    };
  }

  private static Mention mention(MentionKind kind, Optional<RequestId> request) {
    return new Mention(
        kind,
        request
            .map(RequestId::value)
            .orElseThrow(() -> new IllegalStateException("an entry of no request")));
  }
}
