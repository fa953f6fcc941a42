package org.openlockbox.core.bundle;

import java.io.ByteArrayOutputStream;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openlockbox.core.canonical.Bytes;

/// The JDK's verification of signatures, once for each key, message and signature. For tests that
/// check thousands of forms of one bundle: most signatures are the same in all of them. Each change
/// of a key, a message or a signature is verified for itself.
final class RememberedSignatures implements BeforeAllCallback, AfterAllCallback {
  private static final String NAME = "RememberedSignatures";
  private static final List<String> ALGORITHMS = List.of("Ed25519", "SHA256withECDSA", "ML-DSA-44");

  @Override
  public void beforeAll(ExtensionContext context) throws NoSuchAlgorithmException {
    Security.insertProviderAt(new Remembering(), 1);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Security.removeProvider(NAME);
  }

  /// Comes before the JDK's own, asks them, and signs nothing.
  private static final class Remembering extends Provider {
    private static final long serialVersionUID = 1;

    private Remembering() throws NoSuchAlgorithmException {
      super(NAME, "1", "verifies each signature once");
      for (String algorithm : ALGORITHMS) {
        putService(new Once(this, algorithm, Signature.getInstance(algorithm).getProvider()));
      }
    }
  }

  private static final class Once extends Provider.Service {
    private final Map<List<Bytes>, Boolean> valid = new ConcurrentHashMap<>();
    private final Provider real;

    private Once(Provider provider, String algorithm, Provider real) {
      super(provider, "Signature", algorithm, Once.class.getName(), null, null);
      this.real = real;
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      return new Verification(this);
    }

    @Override
    public boolean supportsParameter(Object key) {
      return key instanceof PublicKey;
    }

    private boolean verifies(PublicKey key, byte[] message, byte[] signature)
        throws SignatureException {
      var asked = List.of(Bytes.of(key.getEncoded()), Bytes.of(message), Bytes.of(signature));
      var known = valid.get(asked);
      if (known == null) {
        known = asks(key, message, signature);
        valid.put(asked, known);
      }
      return known;
    }

    private boolean asks(PublicKey key, byte[] message, byte[] signature)
        throws SignatureException {
      try {
        var check = Signature.getInstance(getAlgorithm(), real);
        check.initVerify(key);
        check.update(message);
        return check.verify(signature);
      } catch (NoSuchAlgorithmException | InvalidKeyException e) {
        throw new SignatureException(e);
      }
    }
  }

  private static final class Verification extends SignatureSpi {
    private final Once once;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private @Nullable PublicKey key;

    private Verification(Once once) {
      this.once = once;
    }

    @Override
    protected void engineInitVerify(PublicKey verifying) {
      key = verifying;
      message.reset();
    }

    @Override
    protected void engineInitSign(PrivateKey signing) throws InvalidKeyException {
      throw new InvalidKeyException("signs nothing");
    }

    @Override
    protected void engineUpdate(byte one) {
      message.write(one);
    }

    @Override
    protected void engineUpdate(byte[] more, int from, int length) {
      message.write(more, from, length);
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
      if (key == null) {
        throw new SignatureException("no key");
      }
      return once.verifies(key, message.toByteArray(), signature);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      throw new SignatureException("signs nothing");
    }

    @Override
    @SuppressWarnings("deprecation")
    protected void engineSetParameter(String name, Object value) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    @SuppressWarnings("deprecation")
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException(name);
    }
  }
}
