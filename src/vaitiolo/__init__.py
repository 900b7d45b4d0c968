"""vaitiolo: the patient-record system of private psychotherapy providers."""
