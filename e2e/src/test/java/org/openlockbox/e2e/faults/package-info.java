/// What an operator sees of a fault: the alert, the dashboard, and what `lockbox doctor` says.
@NullMarked
package org.openlockbox.e2e.faults;

import org.jspecify.annotations.NullMarked;
