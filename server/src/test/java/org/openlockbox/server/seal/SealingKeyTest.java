package org.openlockbox.server.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.Bytes;

class SealingKeyTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes PLACE = Bytes.ofUtf8("acme 17");

  /// The nonce of the published vectors.
  private static final SecureRandom VECTOR =
      new SecureRandom() {
        private static final long serialVersionUID = 1;

        @Override
        public void nextBytes(byte[] bytes) {
          System.arraycopy("ABCDEFGHIJKLMNOPQRSTUVWX".getBytes(UTF_8), 0, bytes, 0, bytes.length);
        }
      };

  @Test
  void makesWhatTheXaesSpecificationSaysItMakes() {
    assertThat(sealed(1, "")).isEqualTo("ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
    assertThat(sealed(3, "c2sp.org/XAES-256-GCM"))
        .isEqualTo("986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d");
  }

  private static String sealed(int each, String place) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) each);
    byte[] sealed =
        SealingKey.of(Bytes.of(key))
            .seal("XAES-256-GCM".getBytes(UTF_8), Bytes.ofUtf8(place), VECTOR);
    return Bytes.of(Arrays.copyOfRange(sealed, 24, sealed.length)).hex();
  }

  @Test
  void opensOnlyWithItsKeyAtItsPlaceAndUnchanged() {
    var key = SealingKey.random(RANDOM);
    byte[] sealed = key.seal("select 1".getBytes(UTF_8), PLACE, RANDOM);
    assertThat(key.open(sealed, PLACE))
        .hasValueSatisfying(text -> assertThat(text).asString(UTF_8).isEqualTo("select 1"));
    assertThat(key.open(sealed, Bytes.ofUtf8("acme 18"))).isEmpty();
    assertThat(SealingKey.random(RANDOM).open(sealed, PLACE)).isEmpty();
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThat(key.open(changed, PLACE)).as("byte %d", i).isEmpty();
    }
    assertThat(key.open(Arrays.copyOf(sealed, 20), PLACE)).isEmpty();
  }

  @Test
  void theFileOfWrappingKeysIsMadeOnceForItsOwnerAlone(@TempDir Path directory) throws Exception {
    var file = directory.resolve("wrapping-key");
    WrappingKeyFile.make(file, RANDOM);
    var made = WrappingKeyFile.open(file, RANDOM);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(directory.toFile().list()).containsExactly("wrapping-key");
    WrappingKeyFile.make(file, RANDOM);
    var again = WrappingKeyFile.open(file, RANDOM);
    assertThat(again.current()).isEqualTo(made.current());
    var wrapped = made.wrap(Bytes.ofUtf8("key"), PLACE);
    assertThat(again.unwrap(made.current(), wrapped, PLACE)).isEqualTo(Bytes.ofUtf8("key"));

    var rotated = again.withNewKey();
    assertThat(rotated.current()).isNotEqualTo(made.current());
    assertThat(WrappingKeyFile.open(file, RANDOM).unwrap(made.current(), wrapped, PLACE))
        .isEqualTo(Bytes.ofUtf8("key"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> again.unwrap(rotated.current(), wrapped, PLACE))
        .isInstanceOf(KeyUnavailable.class);
    assertThatThrownBy(() -> again.unwrap(made.current(), wrapped, Bytes.ofUtf8("globex 1")))
        .isInstanceOf(KeyUnavailable.class);
  }

  @Test
  void aFileThatOthersMayReadOrThatHoldsNoKeyIsRefused(@TempDir Path directory) throws Exception {
    var file = directory.resolve("wrapping-key");
    assertThatThrownBy(() -> WrappingKeyFile.open(file, RANDOM))
        .hasMessageContaining("there is no " + file);
    WrappingKeyFile.make(file, RANDOM);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> WrappingKeyFile.open(file, RANDOM)).hasMessageContaining("chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, "lockbox-wrapping-key-v1 c2hvcnQ=\n");
    assertThatThrownBy(() -> WrappingKeyFile.open(file, RANDOM))
        .hasMessageContaining("no file of wrapping keys");
  }
}
