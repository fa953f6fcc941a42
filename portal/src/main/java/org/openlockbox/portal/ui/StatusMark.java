package org.openlockbox.portal.ui;

/// How a status looks: an icon of the sprite and a tone. The word beside it is the status itself.
public record StatusMark(String icon, Tone tone) {
  /// Of a request, a proposal or a delivery, by its word; what is not known is plain.
  public static StatusMark of(String state) {
    return switch (state) {
      case "pending", "open", "waiting" -> new StatusMark("clock", Tone.NEWS);
      case "approved" -> new StatusMark("circle-check", Tone.GOOD);
      case "made", "delivered", "sent" -> new StatusMark("circle-check", Tone.GOOD);
      case "completed" -> new StatusMark("circle-check", Tone.PLAIN);
      case "expired" -> new StatusMark("timer", Tone.PLAIN);
      case "denied", "refused" -> new StatusMark("circle-x", Tone.PLAIN);
      case "revoked" -> new StatusMark("circle-stop", Tone.BAD);
      case "lapsed" -> new StatusMark("hourglass", Tone.PLAIN);
      case "withdrawn" -> new StatusMark("undo-2", Tone.PLAIN);
      case "removalFailed", "failed" -> new StatusMark("triangle-alert", Tone.BAD);
      default -> new StatusMark("info", Tone.PLAIN);
    };
  }
}
