/// Passkeys that people have made here and that no keyring has yet.
@NullMarked
package org.openlockbox.server.enrolment;

import org.jspecify.annotations.NullMarked;
