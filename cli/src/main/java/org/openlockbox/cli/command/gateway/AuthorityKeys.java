package org.openlockbox.cli.command.gateway;

import java.util.List;
import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.signing.VerifyingKey;
import picocli.CommandLine.Option;

/// The key of the gateway authority, which is kept offline; two while one follows the other.
final class AuthorityKeys {
  @Option(
      names = "--authority",
      required = true,
      paramLabel = "FILE",
      description =
          "The key file of the gateway authority. While another one follows it, name both.")
  private List<String> names = List.of();

  List<PrivateSigner> load(KeyFiles keys) {
    return names.stream().map(name -> direct(keys.load(name), name)).toList();
  }

  static Envelope sign(Envelope envelope, List<PrivateSigner> authorities) {
    Envelope signed = envelope;
    for (PrivateSigner each : authorities) {
      signed = signed.signedBy(each);
    }
    return signed;
  }

  /// Refuses keys of which none has signed this: a certificate of another authority would keep the
  /// gateway from opening sessions.
  static void requireSignedBefore(Envelope certificate, List<PrivateSigner> authorities) {
    List<VerifyingKey> keys = authorities.stream().map(PrivateSigner::key).toList();
    if (SignatureCheck.valid(keys, certificate).isEmpty()) {
      throw Failure.usage(
          "the certificate was signed by another gateway authority than the one named",
          "--authority FILE of the key that signed it; while another one follows, name both");
    }
  }

  /// A key that can be the authority's or a gateway's.
  static PrivateSigner direct(PrivateSigner key, String file) {
    Scheme scheme = key.key().scheme();
    if (scheme != Scheme.ED25519 && scheme != Scheme.ECDSA_P256) {
      throw Failure.usage(
          file + " is no key for this: gateways and their authority sign with key files",
          "lockbox key new authority.key");
    }
    return key;
  }
}
