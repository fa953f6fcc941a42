package org.openlockbox.client.session;

import java.net.InetAddress;
import org.openlockbox.core.canonical.TextRules;

/// Where an engineer calls the application from, and what the engineer's program calls itself. That
/// name is a stranger's word: what nobody could see of it, and what the log has no place for, shows
/// as `\\u....`.
public record CallOrigin(InetAddress address, String program) {
  private static final int LONGEST = 200;

  public CallOrigin {
    program = TextRules.shown(program);
    program = program.length() > LONGEST ? TextRules.shown(program.substring(0, LONGEST)) : program;
  }
}
