package org.openlockbox.portal.keys;

import java.util.List;
import java.util.Set;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.ui.Tone;
import org.openlockbox.server.access.RefusedSignatures.RefusedSignature;

/// A signature that was refused, as its tenant reads it: the cause and why, in the reader's
/// language where that is known.
///
/// @param why a sentence; in English where `isTranslated` is false
public record RefusedLine(
    RefusedSignature refused, RefusalCause cause, String why, boolean isTranslated) {
  /// What was wrong, as far as it matters to the tenant.
  public enum RefusalCause {
    /// What it was about had been decided or changed: two people at once, or a page sent twice.
    LATE("late", "clock", Tone.PLAIN),
    /// The signature itself does not hold: forged, of another key, or over something else.
    INVALID("invalid", "circle-x", Tone.BAD),
    /// Anything else, such as more than was asked for, or a person whom the policy does not ask.
    REFUSED("refused", "triangle-alert", Tone.CARE);

    private static final Set<String> OVERTAKEN =
        Set.of(
            "already_approved_by",
            "approved",
            "completed",
            "denied",
            "expired",
            "founded",
            "handover",
            "lapsed",
            "made",
            "not_pending",
            "overtaken",
            "removalFailed",
            "revoked",
            "signed",
            "slot_taken",
            "stale",
            "withdrawn");
    private static final Set<String> UNSOUND = Set.of("malformed", "signature", "ticket");

    private final String word;
    private final String icon;
    private final Tone tone;

    RefusalCause(String word, String icon, Tone tone) {
      this.word = word;
      this.icon = icon;
      this.tone = tone;
    }

    /// Of a refusal with this code.
    static RefusalCause of(String code) {
      return OVERTAKEN.contains(code) ? LATE : UNSOUND.contains(code) ? INVALID : REFUSED;
    }

    public String word() {
      return word;
    }

    public String icon() {
      return icon;
    }

    public Tone tone() {
      return tone;
    }
  }

  static List<RefusedLine> of(PageContext frame, List<RefusedSignature> refused) {
    return refused.stream().map(one -> of(frame, one)).toList();
  }

  private static RefusedLine of(PageContext frame, RefusedSignature refused) {
    var id = "fault.code." + refused.code();
    boolean isTranslated = frame.words().knows(id);
    var why = isTranslated ? frame.say(id) : refused.why();
    return new RefusedLine(refused, RefusalCause.of(refused.code()), why, isTranslated);
  }
}
