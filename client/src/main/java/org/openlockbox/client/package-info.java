/// A gateway inside an application: the application shows a customer's data only by a customer's
/// signature, on record, and until it is stopped.
@NullMarked
package org.openlockbox.client;

import org.jspecify.annotations.NullMarked;
