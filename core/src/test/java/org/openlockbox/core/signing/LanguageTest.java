package org.openlockbox.core.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.tile.TilePath;
import org.openlockbox.tlog.tree.Hash;

/// A machine whose language has digits of its own signs and reads the same bytes as all others.
@ResourceLock(Resources.LOCALE)
class LanguageTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void speakAsBefore() {
    Locale.setDefault(before);
  }

  @Test
  void whatIsSignedDoesNotDependOnTheLanguageOfTheMachine() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    assertThat("%d".formatted(7)).as("a language with digits of its own").isNotEqualTo("7");

    assertThat(Envelope.pae("a/b", Bytes.ofUtf8("{}")).utf8()).isEqualTo("DSSEv1 3 a/b 2 {}");
    var root = Hash.sha256(new byte[0]);
    assertThat(new Checkpoint("log.example.com/t/acme", 17, root).format())
        .isEqualTo("log.example.com/t/acme\n17\n" + root.base64() + "\n");
    assertThat(TilePath.parse("tile/0/x001/x234/067.p/12").format())
        .isEqualTo("tile/0/x001/x234/067.p/12");
  }
}
