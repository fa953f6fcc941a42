package org.openlockbox.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class Ed25519PointTest {
  private static final List<String> LOW_ORDER =
      List.of(
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0000000000000000000000000000000000000000000000000000000000000080",
          "0100000000000000000000000000000000000000000000000000000000000000",
          "0100000000000000000000000000000000000000000000000000000000000080",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");

  @Test
  void theFourteenEncodingsOfLowOrderAreRefused() {
    assertThat(LOW_ORDER).doesNotHaveDuplicates().hasSize(14);
    for (var hex : LOW_ORDER) {
      assertRefused(hex);
    }
  }

  @Test
  void everyCoordinateThatIsNotReducedIsRefused() {
    for (int low = 0xed; low <= 0xff; low++) {
      assertRefused("%02x%s7f".formatted(low, "ff".repeat(30)));
      assertRefused("%02x%sff".formatted(low, "ff".repeat(30)));
    }
  }

  /// About half of all y have no x; y = 2 is the smallest.
  @Test
  void aPointOffTheCurveIsRefused() {
    assertRefused("02" + "00".repeat(31));
  }

  /// A point of prime order with one of order two added to it: (x, y) becomes (-x, -y). Verifiers
  /// disagree about some signatures of such a key.
  @Test
  void aKeyOfMixedOrderIsRefused() throws Exception {
    var generator = KeyPairGenerator.getInstance("Ed25519");
    for (int i = 0; i < 5; i++) {
      var spki = generator.generateKeyPair().getPublic().getEncoded();
      var point = Ed25519Point.ofSpki(spki).bytes();
      boolean odd = point[31] < 0;
      point[31] &= 0x7f;
      var y = new BigInteger(1, reversed(point));
      var mixed = reversed(P.subtract(y).toByteArray());
      var encoded = Arrays.copyOf(mixed, 32);
      encoded[31] |= (byte) (odd ? 0 : 0x80);
      assertThatThrownBy(() -> Ed25519Point.of(encoded)).hasMessageContaining("mixed order");
    }
  }

  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  private static byte[] reversed(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  @Test
  void freshKeysAreAcceptedAndVerify() throws Exception {
    var generator = KeyPairGenerator.getInstance("Ed25519");
    var message = "message".getBytes(UTF_8);
    for (int i = 0; i < 20; i++) {
      var pair = generator.generateKeyPair();
      var point = Ed25519Point.ofSpki(pair.getPublic().getEncoded());
      assertThat(Ed25519Point.of(point.bytes())).isEqualTo(point);
      assertThat(point.spki()).isEqualTo(pair.getPublic().getEncoded());
      var signature = MessageSigner.of(pair.getPrivate()).sign(message);
      assertThat(point.verifies(message, signature)).isTrue();
      signature[i] ^= 1;
      assertThat(point.verifies(message, signature)).isFalse();
      assertThat(point.verifies(message, new byte[63])).isFalse();
      assertThat(point.verifies(message, new byte[64])).isFalse();
    }
  }

  @Test
  void onlyTheExactSpkiIsAccepted() throws Exception {
    var spki = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    spki[8] ^= 1;
    assertThatThrownBy(() -> Ed25519Point.ofSpki(spki))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Ed25519Point.ofSpki(new byte[44]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Ed25519Point.of(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertRefused(String hex) {
    assertThatThrownBy(() -> Ed25519Point.of(HexFormat.of().parseHex(hex)))
        .as(hex)
        .isInstanceOf(IllegalArgumentException.class);
  }
}
