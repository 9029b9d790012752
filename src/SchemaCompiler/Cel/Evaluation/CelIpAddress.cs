using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>An IP address as 128 bits; version 4 is <c>::ffff:a.b.c.d</c>, so that both ways to write one are the same address.</summary>
internal sealed record CelIpAddress(UInt128 Bits)
{
    private const int Version4Prefix = 96;

    private static readonly UInt128 Version4 = (UInt128)0xFFFF << 32;

    public static CelIpAddress Zero { get; } = new(UInt128.Zero);

    /// <summary><c>10.0.0.0/8</c>. An address of one version is in no range of the other. Allocates nothing.</summary>
    public static CelValue InCidr(ref CelFrame frame, in CelValue address, in CelValue cidr)
    {
        if (address.Kind != CelKind.IpAddress || cidr.Kind != CelKind.String) return Errors.NotDefined("in_cidr", address, cidr);
        if (!TryParseCidr(cidr.AsString, out UInt128 network, out int prefix))
            return CelValue.Error($"`{Syntax.Quoted.Short(cidr.AsString)}` is not a range of addresses in CIDR notation");
        UInt128 bits = address.AsIpAddress.Bits;
        bool isSameVersion = IsVersion4(bits) == (IsVersion4(network) && prefix >= Version4Prefix);
        return CelValue.Of(isSameVersion && (prefix == 0 || (bits ^ network) >> (128 - prefix) == 0));
    }

    /// <summary>Dotted version 4 without leading zeros, or version 6 without a zone.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt128 bits)
    {
        if (text.Contains(':')) return TryParseVersion6(text, out bits);
        bool isRead = TryParseVersion4(text, out uint address);
        bits = Version4 | address;
        return isRead;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return IsVersion4(Bits) ? new IPAddress(bytes[12..]).ToString() : new IPAddress(bytes).ToString();
    }

    private static bool IsVersion4(UInt128 bits) => bits >> 32 == 0xFFFF;

    private static bool TryParseCidr(ReadOnlySpan<char> text, out UInt128 network, out int prefix)
    {
        int slash = text.LastIndexOf('/');
        network = default;
        prefix = 0;
        if (slash < 0 || !TryParse(text[..slash], out network)) return false;
        ReadOnlySpan<char> length = text[(slash + 1)..];
        if (length.Length > 3 || (length.Length > 1 && length[0] == '0')) return false;
        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out prefix)) return false;
        if (!text[..slash].Contains(':')) prefix += Version4Prefix;
        return prefix <= 128;
    }

    private static bool TryParseVersion4(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        int parts = 0, digits = 0;
        uint part = 0;
        foreach (char c in text)
        {
            if (c == '.')
            {
                if (digits == 0 || ++parts > 3) return false;
                address = address << 8 | part;
                part = 0;
                digits = 0;
                continue;
            }
            if (!char.IsAsciiDigit(c) || (digits > 0 && part == 0)) return false;
            part = part * 10 + c - '0';
            if (++digits > 3 || part > byte.MaxValue) return false;
        }
        address = address << 8 | part;
        return parts == 3 && digits > 0;
    }

    /// <summary>Groups go in from the right; at <c>::</c> what was read so far moves to the left end.</summary>
    private static bool TryParseVersion6(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = default;
        UInt128 head = 0, tail = 0;
        int headGroups = 0, groups = 0;
        bool hasGap = false;
        if (text.StartsWith("::"))
        {
            hasGap = true;
            text = text[2..];
        }
        while (!text.IsEmpty)
        {
            int colon = text.IndexOf(':');
            ReadOnlySpan<char> group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains('.'))
            {
                if (!TryParseVersion4(group, out uint last)) return false;
                tail = tail << 32 | last;
                groups += 2;
                break;
            }
            if (group.Length is 0 or > 4) return false;
            if (!ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value)) return false;
            tail = tail << 16 | value;
            groups++;
            if (colon < 0) break;
            text = text[(colon + 1)..];
            if (text.IsEmpty || groups + headGroups > 7 && text[0] != ':') return false;
            if (text[0] != ':') continue;
            if (hasGap) return false;
            hasGap = true;
            (head, headGroups, tail, groups) = (tail, groups, 0, 0);
            text = text[1..];
        }
        int total = headGroups + groups;
        if (hasGap ? total > 7 : total != 8) return false;
        bits = (headGroups == 0 ? 0 : head << (16 * (8 - headGroups))) | tail;
        return true;
    }
}
