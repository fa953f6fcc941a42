/// The AuthZEN Authorization API 1.0.
@NullMarked
package org.openlockbox.check.authzen;

import org.jspecify.annotations.NullMarked;
