/// What an operator does to an installation in the course of years: install, look, change, back up,
/// upgrade.
@NullMarked
package org.openlockbox.e2e.operation;

import org.jspecify.annotations.NullMarked;
