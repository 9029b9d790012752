using AuthzGraph.SchemaCompiler.Cel.Evaluation;

namespace AuthzGraph.SchemaCompiler.Cel;

/// <summary>
/// A value of CEL in 24 bytes: a kind, a reference for what is long, and twelve bytes for what is short. Total: what an evaluation
/// cannot compute is a value too, of kind error or missing. <see cref="ToString"/> writes it as CEL, maps by key.
/// </summary>
public readonly struct CelValue
{
    private readonly object? _reference;
    private readonly long _bits;
    private readonly int _nanoseconds;      // of a timestamp: 0 to 999,999,999 after the second in _bits

    private CelValue(CelKind kind, long bits = 0, object? reference = null, int nanoseconds = 0)
    {
        Kind = kind;
        _bits = bits;
        _reference = reference;
        _nanoseconds = nanoseconds;
    }

    public CelKind Kind { get; }

    internal static CelValue Null { get; } = new(CelKind.Null);
    internal static CelValue True { get; } = new(CelKind.Bool, 1);
    internal static CelValue False { get; } = new(CelKind.Bool);

    internal static CelValue Of(bool value) => new(CelKind.Bool, value ? 1 : 0);
    internal static CelValue Of(long value) => new(CelKind.Int, value);
    internal static CelValue Of(ulong value) => new(CelKind.Uint, unchecked((long)value));
    internal static CelValue Of(double value) => new(CelKind.Double, BitConverter.DoubleToInt64Bits(value));
    internal static CelValue Of(string value) => new(CelKind.String, 0, value);
    internal static CelValue Of(byte[] value) => new(CelKind.Bytes, 0, value);
    internal static CelValue Of(CelIpAddress value) => new(CelKind.IpAddress, 0, value);
    internal static CelValue Of(CelList value) => new(CelKind.List, 0, value);
    internal static CelValue Of(CelMap value) => new(CelKind.Map, 0, value);
    internal static CelValue Of(CelInstant value) => new(CelKind.Timestamp, value.Seconds, null, value.Nanoseconds);
    internal static CelValue DurationOf(long nanoseconds) => new(CelKind.Duration, nanoseconds);

    /// <param name="name">As CEL names the type, <c>google.protobuf.Timestamp</c> for instance.</param>
    internal static CelValue TypeOf(string name) => new(CelKind.Type, 0, name);

    /// <param name="message">One lower-case sentence.</param>
    internal static CelValue Error(string message) => new(CelKind.Error, 0, message);

    internal static CelValue Missing(CelVariableSet variables) => new(CelKind.Missing, unchecked((long)variables.Bits));

    /// <summary>Not a value: an error, or missing variables.</summary>
    internal bool IsAbnormal => Kind <= CelKind.Missing;

    internal bool IsNumber => Kind is CelKind.Int or CelKind.Uint or CelKind.Double;

    internal bool IsTrue => Kind == CelKind.Bool && _bits != 0;

    internal bool IsFalse => Kind == CelKind.Bool && _bits == 0;

    // What follows reads a value of the kind the name says; of another kind it gives an empty value, never an exception.

    internal bool AsBool => _bits != 0;
    internal long AsInt => _bits;
    internal ulong AsUint => unchecked((ulong)_bits);
    internal double AsDouble => BitConverter.Int64BitsToDouble(_bits);
    internal long AsDuration => _bits;
    internal CelInstant AsTimestamp => new(_bits, _nanoseconds);
    internal string AsString => _reference as string ?? "";
    internal string AsType => AsString;
    internal string AsError => _reference as string ?? "nothing was evaluated";
    internal CelVariableSet AsMissing => new(unchecked((ulong)_bits));
    internal byte[] AsBytes => _reference as byte[] ?? [];
    internal CelIpAddress AsIpAddress => _reference as CelIpAddress ?? CelIpAddress.Zero;
    internal CelList AsList => _reference as CelList ?? CelList.Empty;
    internal CelMap AsMap => _reference as CelMap ?? CelMap.Empty;

    public override string ToString() => ValueText.Of(this);
}
