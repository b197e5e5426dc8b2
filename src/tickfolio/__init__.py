"""Tickfolio: a live, exact, explainable portfolio tracker."""
