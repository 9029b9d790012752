namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary><c>+ - * / %</c> and negation. What does not fit 64 bits is an error.</summary>
internal static class Arithmetic
{
    private static readonly CelValue Overflow = CelValue.Error("the result does not fit its type");
    private static readonly CelValue DivisionByZero = CelValue.Error("division by zero");

    public static CelValue Add(ref CelFrame frame, in CelValue left, in CelValue right) => (left.Kind, right.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => Fit((Int128)left.AsInt + right.AsInt),
        (CelKind.Uint, CelKind.Uint) => FitUint((UInt128)left.AsUint + right.AsUint),
        (CelKind.Double, CelKind.Double) => CelValue.Of(left.AsDouble + right.AsDouble),
        (CelKind.String, CelKind.String) => CelValue.Of(string.Concat(left.AsString, right.AsString)),
        (CelKind.Bytes, CelKind.Bytes) => CelValue.Of([.. left.AsBytes, .. right.AsBytes]),
        (CelKind.List, CelKind.List) => frame.Charge((long)left.AsList.Count + right.AsList.Count)
            ? CelValue.Of(new CelList([.. left.AsList.Items, .. right.AsList.Items])) : CelFrame.Exhausted,
        (CelKind.Duration, CelKind.Duration) => FitDuration((Int128)left.AsDuration + right.AsDuration),
        (CelKind.Timestamp, CelKind.Duration) => FitInstant(left.AsTimestamp, right.AsDuration),
        (CelKind.Duration, CelKind.Timestamp) => FitInstant(right.AsTimestamp, left.AsDuration),
        _ => Errors.NotDefined("+", left, right),
    };

    public static CelValue Subtract(ref CelFrame frame, in CelValue left, in CelValue right) => (left.Kind, right.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => Fit((Int128)left.AsInt - right.AsInt),
        (CelKind.Uint, CelKind.Uint) => left.AsUint >= right.AsUint ? CelValue.Of(left.AsUint - right.AsUint) : Overflow,
        (CelKind.Double, CelKind.Double) => CelValue.Of(left.AsDouble - right.AsDouble),
        (CelKind.Duration, CelKind.Duration) => FitDuration((Int128)left.AsDuration - right.AsDuration),
        (CelKind.Timestamp, CelKind.Duration) => FitInstant(left.AsTimestamp, -(Int128)right.AsDuration),
        (CelKind.Timestamp, CelKind.Timestamp) => FitDuration(left.AsTimestamp.TotalNanoseconds - right.AsTimestamp.TotalNanoseconds),
        _ => Errors.NotDefined("-", left, right),
    };

    public static CelValue Multiply(ref CelFrame frame, in CelValue left, in CelValue right) => (left.Kind, right.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => Fit((Int128)left.AsInt * right.AsInt),
        (CelKind.Uint, CelKind.Uint) => FitUint((UInt128)left.AsUint * right.AsUint),
        (CelKind.Double, CelKind.Double) => CelValue.Of(left.AsDouble * right.AsDouble),
        _ => Errors.NotDefined("*", left, right),
    };

    public static CelValue Divide(ref CelFrame frame, in CelValue left, in CelValue right) => (left.Kind, right.Kind) switch
    {
        (CelKind.Int, CelKind.Int) when right.AsInt == 0 => DivisionByZero,
        (CelKind.Int, CelKind.Int) => right.AsInt == -1 ? Fit(-(Int128)left.AsInt) : CelValue.Of(left.AsInt / right.AsInt),
        (CelKind.Uint, CelKind.Uint) => right.AsUint == 0 ? DivisionByZero : CelValue.Of(left.AsUint / right.AsUint),
        (CelKind.Double, CelKind.Double) => CelValue.Of(left.AsDouble / right.AsDouble),
        _ => Errors.NotDefined("/", left, right),
    };

    public static CelValue Remainder(ref CelFrame frame, in CelValue left, in CelValue right) => (left.Kind, right.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => right.AsInt == 0 ? DivisionByZero : CelValue.Of(right.AsInt == -1 ? 0 : left.AsInt % right.AsInt),
        (CelKind.Uint, CelKind.Uint) => right.AsUint == 0 ? DivisionByZero : CelValue.Of(left.AsUint % right.AsUint),
        _ => Errors.NotDefined("%", left, right),
    };

    public static CelValue Negate(ref CelFrame frame, in CelValue value, in CelValue none) => value.Kind switch
    {
        CelKind.Int => Fit(-(Int128)value.AsInt),
        CelKind.Double => CelValue.Of(-value.AsDouble),
        _ => Errors.NotDefined("-", value),
    };

    public static CelValue Not(ref CelFrame frame, in CelValue value, in CelValue none) =>
        value.Kind == CelKind.Bool ? CelValue.Of(!value.AsBool) : Errors.NotDefined("!", value);

    private static CelValue Fit(Int128 value) => value >= long.MinValue && value <= long.MaxValue ? CelValue.Of((long)value) : Overflow;

    private static CelValue FitUint(UInt128 value) => value <= ulong.MaxValue ? CelValue.Of((ulong)value) : Overflow;

    private static CelValue FitDuration(Int128 nanoseconds) =>
        nanoseconds >= long.MinValue && nanoseconds <= long.MaxValue ? CelValue.DurationOf((long)nanoseconds) : Overflow;

    private static CelValue FitInstant(CelInstant instant, Int128 nanoseconds) =>
        CelInstant.TryOf(instant.TotalNanoseconds + nanoseconds, out CelInstant moved) ? CelValue.Of(moved) : Overflow;
}

/// <summary>Errors of an evaluation that several operations share.</summary>
internal static class Errors
{
    public static CelValue NotDefined(string operation, in CelValue value) =>
        CelValue.Error($"`{operation}` is not defined for {CelKinds.NameOf(value.Kind)}");

    public static CelValue NotDefined(string operation, in CelValue left, in CelValue right) =>
        CelValue.Error($"`{operation}` is not defined for {CelKinds.NameOf(left.Kind)} and {CelKinds.NameOf(right.Kind)}");
}
