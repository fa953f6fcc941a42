/// Drivers as engineers' own programs use them, against a running demo.
@NullMarked
package org.openlockbox.e2e.clients;

import org.jspecify.annotations.NullMarked;
