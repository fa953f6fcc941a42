package org.openlockbox.core.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.canonical.Bytes;

/// What is remembered of a true signature says nothing of any other.
final class TrueSignaturesTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes SIGNED = Bytes.ofUtf8("approved");

  private final TrueSignatures signatures = new TrueSignatures();

  @ParameterizedTest
  @EnumSource(
      value = Scheme.class,
      names = {"ED25519", "ECDSA_P256"})
  void onlyTheSameSignatureOfTheSameBytesByTheSameKeyIsKnown(Scheme scheme) {
    var signer = SoftwareKey.generate(scheme, RANDOM);
    var key = signer.key();
    var signature = (Signature.OverPae) signer.sign(SIGNED);
    assertThat(fault(key, SIGNED, signature)).isEmpty();
    assertThat(fault(key, SIGNED, signature)).isEmpty();

    assertThat(fault(key, Bytes.ofUtf8("approved "), signature)).isNotEmpty();
    assertThat(bent(signature))
        .allSatisfy(bent -> assertThat(fault(key, SIGNED, bent)).isNotEmpty());
    var other = SoftwareKey.generate(scheme, RANDOM).key();
    assertThat(fault(other, SIGNED, signature)).isNotEmpty();
    assertThat(fault(other, SIGNED, as(other, signature))).isNotEmpty();
  }

  /// Whoever is told "no" once is told so again, and what was true before stays so.
  @ParameterizedTest
  @EnumSource(
      value = Scheme.class,
      names = {"ED25519", "ECDSA_P256"})
  void whatDoesNotHoldIsNotKept(Scheme scheme) {
    var signer = SoftwareKey.generate(scheme, RANDOM);
    var signature = signer.sign(SIGNED);
    for (int i = 0; i < 2; i++) {
      assertThat(fault(signer.key(), Bytes.ofUtf8("denied"), signature)).isNotEmpty();
      assertThat(fault(signer.key(), SIGNED, signature)).isEmpty();
    }
  }

  private String fault(VerifyingKey key, Bytes signed, Signature signature) {
    return signatures.fault(key, signed, signature);
  }

  private static Signature as(VerifyingKey key, Signature.OverPae signature) {
    return new Signature.OverPae(key.keyId(), signature.scheme(), signature.sig());
  }

  /// The same signature with one bit of one byte turned, for each byte.
  private static Stream<Signature> bent(Signature.OverPae signature) {
    byte[] sig = signature.sig().toArray();
    return Stream.iterate(0, i -> i < sig.length, i -> i + 1)
        .map(
            i -> {
              byte[] bent = sig.clone();
              bent[i] ^= 1;
              return new Signature.OverPae(signature.keyId(), signature.scheme(), Bytes.of(bent));
            });
  }
}
