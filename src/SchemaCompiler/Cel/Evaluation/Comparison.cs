namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>Equality of any two values, and order of those that have one. Numbers are compared on one line, whatever their kinds.</summary>
internal static class Comparison
{
    public static CelValue Equal(ref CelFrame frame, in CelValue left, in CelValue right) => CelValue.Of(AreEqual(ref frame, left, right));

    public static CelValue NotEqual(ref CelFrame frame, in CelValue left, in CelValue right) => CelValue.Of(!AreEqual(ref frame, left, right));

    public static CelValue Less(ref CelFrame frame, in CelValue left, in CelValue right) =>
        Order("<", left, right, out int order) is { Kind: CelKind.Error } error ? error : CelValue.Of(order < 0);

    public static CelValue LessOrEqual(ref CelFrame frame, in CelValue left, in CelValue right) =>
        Order("<=", left, right, out int order) is { Kind: CelKind.Error } error ? error : CelValue.Of(order <= 0);

    public static CelValue Greater(ref CelFrame frame, in CelValue left, in CelValue right) => Less(ref frame, right, left);

    public static CelValue GreaterOrEqual(ref CelFrame frame, in CelValue left, in CelValue right) => LessOrEqual(ref frame, right, left);

    /// <summary>Without a count of steps: for values that are short, such as the keys of maps.</summary>
    public static bool AreEqual(in CelValue left, in CelValue right)
    {
        CelFrame unlimited = new() { Steps = long.MaxValue };
        return AreEqual(ref unlimited, left, right);
    }

    public static bool AreEqual(ref CelFrame frame, in CelValue left, in CelValue right)
    {
        if (left.Kind != right.Kind)
            return left.IsNumber && right.IsNumber && Numbers.TryCompare(left, right, out int order) && order == 0;
        switch (left.Kind)
        {
            case CelKind.Null: return true;
            case CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Duration: return left.AsInt == right.AsInt;
            case CelKind.Double: return left.AsDouble == right.AsDouble;
            case CelKind.String: return TextsEqual(ref frame, left.AsString, right.AsString);
            case CelKind.Bytes: return frame.ChargeText(left.AsBytes.Length) && left.AsBytes.AsSpan().SequenceEqual(right.AsBytes);
            case CelKind.Timestamp: return left.AsTimestamp == right.AsTimestamp;
            case CelKind.IpAddress: return left.AsIpAddress.Bits == right.AsIpAddress.Bits;
            case CelKind.List: return ListsEqual(ref frame, left.AsList, right.AsList);
            case CelKind.Map: return MapsEqual(ref frame, left.AsMap, right.AsMap);
            case CelKind.Type: return left.AsType == right.AsType;
            default: return false;
        }
    }

    private static bool TextsEqual(ref CelFrame frame, string left, string right) =>
        left.Length == right.Length && frame.ChargeText(left.Length) && string.Equals(left, right, StringComparison.Ordinal);

    private static bool ListsEqual(ref CelFrame frame, CelList left, CelList right)
    {
        if (left.Count != right.Count || !frame.Charge(left.Count)) return false;
        for (int i = 0; i < left.Count; i++)
            if (!AreEqual(ref frame, left.Items[i], right.Items[i])) return false;
        return true;
    }

    private static bool MapsEqual(ref CelFrame frame, CelMap left, CelMap right)
    {
        if (left.Count != right.Count || !frame.Charge(left.Count)) return false;
        for (int i = 0; i < left.Count; i++)
        {
            CelValue key = left.KeyAt(i);
            if (!left.TryGet(key, out CelValue own) || !right.TryGet(key, out CelValue other)) return false;
            if (!AreEqual(ref frame, own, other)) return false;
        }
        return true;
    }

    /// <summary>An error, or absent and the order. A NaN is neither less nor greater than anything: its order is never asked for.</summary>
    private static CelValue Order(string operation, in CelValue left, in CelValue right, out int order)
    {
        order = 1;
        if (left.IsNumber && right.IsNumber)
        {
            if (!Numbers.TryCompare(left, right, out order)) order = 1;
            return default;
        }
        if (left.Kind != right.Kind) return Errors.NotDefined(operation, left, right);
        switch (left.Kind)
        {
            case CelKind.Bool or CelKind.Duration:
                order = left.AsInt.CompareTo(right.AsInt);
                return default;
            case CelKind.Timestamp:
                order = left.AsTimestamp.CompareTo(right.AsTimestamp);
                return default;
            case CelKind.String:
                order = CompareByCodePoint(left.AsString, right.AsString);
                return default;
            case CelKind.Bytes:
                order = left.AsBytes.AsSpan().SequenceCompareTo(right.AsBytes);
                return default;
            default:
                return Errors.NotDefined(operation, left, right);
        }
    }

    /// <summary>In UTF-16 a character beyond U+FFFF would stand before U+E000, so where the texts part its halves count as highest.</summary>
    private static int CompareByCodePoint(string left, string right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length) return left.Length.CompareTo(right.Length);
        char first = left[common], second = right[common];
        bool isFirstHigh = char.IsSurrogate(first), isSecondHigh = char.IsSurrogate(second);
        return isFirstHigh == isSecondHigh ? first.CompareTo(second) : isFirstHigh ? 1 : -1;
    }
}
