"""Floor 3: bodies, units, places, capabilities, mandates, accreditation."""
