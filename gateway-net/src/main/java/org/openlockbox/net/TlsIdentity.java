package org.openlockbox.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.PBEParameterSpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.openlockbox.core.scram.ChannelBinding;

/// The certificate and key that the gateway shows to clients, from PEM texts. TLS 1.2 or newer,
/// ALPN `postgresql` where the client speaks ALPN.
public final class TlsIdentity {
  private static final Pattern KEY_BLOCK =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /// The store never leaves this process, so many rounds over its empty password would only cost
  /// time: a key is taken out of it before the first handshake.
  private static final KeyStore.PasswordProtection IN_MEMORY =
      new KeyStore.PasswordProtection(
          new char[0], "PBEWithHmacSHA256AndAES_256", new PBEParameterSpec(new byte[16], 1));

  private final SSLContext context;
  private final ChannelBinding binding;
  private final KeyManagerFactory keys;

  private TlsIdentity(SSLContext context, ChannelBinding binding, KeyManagerFactory keys) {
    this.context = context;
    this.binding = binding;
    this.keys = keys;
  }

  /// Reads the two PEM texts.
  ///
  /// @param certificatePem the chain, own certificate first
  /// @param keyPem an unencrypted PKCS #8 private key, RSA or EC
  public static TlsIdentity parse(String certificatePem, String keyPem) {
    try {
      Collection<? extends Certificate> read =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(certificatePem.getBytes(US_ASCII)));
      Certificate[] chain = read.toArray(Certificate[]::new);
      if (chain.length == 0) {
        throw new IllegalArgumentException("no CERTIFICATE block in the TLS certificate file");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      PrivateKey key = privateKey(keyPem, chain[0]);
      requirePair(key, chain[0].getPublicKey());
      store.setEntry("gateway", new KeyStore.PrivateKeyEntry(key, chain), IN_MEMORY);
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return new TlsIdentity(context, ChannelBinding.of((X509Certificate) chain[0]), keys);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the TLS certificate or key cannot be used", e);
    }
  }

  private static PrivateKey privateKey(String pem, Certificate certificate)
      throws GeneralSecurityException {
    Matcher block = KEY_BLOCK.matcher(pem);
    if (!block.find()) {
      throw new IllegalArgumentException("no PRIVATE KEY block (PKCS #8) in the TLS key file");
    }
    byte[] der = Base64.getMimeDecoder().decode(block.group(1));
    return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  /// A key that is another certificate's would only show in each client's handshake.
  private static void requirePair(PrivateKey secret, PublicKey shown)
      throws GeneralSecurityException {
    byte[] message = shown.getEncoded();
    var signature =
        Signature.getInstance(
            shown.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
    signature.initSign(secret);
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(shown);
    signature.update(message);
    if (!signature.verify(signed)) {
      throw new IllegalArgumentException("the TLS key is not the key of the TLS certificate");
    }
  }

  /// For connections on which the gateway is the client.
  public SSLContext context() {
    return context;
  }

  public KeyManager[] keyManagers() {
    return keys.getKeyManagers();
  }

  public ChannelBinding binding() {
    return binding;
  }

  /// Turns the connection into TLS as its server.
  ///
  /// @param consumed bytes of the ClientHello that were read to recognise it (direct TLS)
  /// @param application what the connection is for, as ALPN names it (RFC 7301)
  /// @return whether the client has named that too
  public boolean accept(SocketConnection line, byte[] consumed, String application)
      throws IOException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setApplicationProtocols(new String[] {application});
    engine.setSSLParameters(parameters);
    line.encrypt(engine, consumed);
    return application.equals(engine.getApplicationProtocol());
  }
}
