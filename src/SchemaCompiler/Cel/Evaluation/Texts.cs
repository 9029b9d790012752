namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>Functions on strings; all of them ordinal.</summary>
internal static class Texts
{
    public static CelValue Contains(ref CelFrame frame, in CelValue text, in CelValue part)
    {
        if (!AreTexts(text, part)) return Errors.NotDefined("contains", text, part);
        return ChargeSearch(ref frame, text.AsString, part.AsString)
            ? CelValue.Of(text.AsString.Contains(part.AsString, StringComparison.Ordinal))
            : CelFrame.Exhausted;
    }

    public static CelValue StartsWith(ref CelFrame frame, in CelValue text, in CelValue part)
    {
        if (!AreTexts(text, part)) return Errors.NotDefined("startsWith", text, part);
        return CelValue.Of(text.AsString.StartsWith(part.AsString, StringComparison.Ordinal));
    }

    public static CelValue EndsWith(ref CelFrame frame, in CelValue text, in CelValue part)
    {
        if (!AreTexts(text, part)) return Errors.NotDefined("endsWith", text, part);
        return CelValue.Of(text.AsString.EndsWith(part.AsString, StringComparison.Ordinal));
    }

    private static bool AreTexts(in CelValue left, in CelValue right) => left.Kind == CelKind.String && right.Kind == CelKind.String;

    /// <summary>A search may look at the whole part at each place of the text, 16 characters at a time.</summary>
    private static bool ChargeSearch(ref CelFrame frame, string text, string part) =>
        frame.ChargeText((long)text.Length * (part.Length >> 4));
}
