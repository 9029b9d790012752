using System.Globalization;

namespace AuthzGraph.Rpc;

/// <summary>How a call ended.</summary>
/// <param name="Message">For people; empty when there is nothing to say.</param>
/// <param name="Details">A serialized google.rpc.Status, or null.</param>
public sealed record RpcStatus(RpcCode Code, string Message = "", byte[]? Details = null)
{
    public static readonly RpcStatus Ok = new(RpcCode.Ok);

    /// <summary>The value of the grpc-status header.</summary>
    public static string CodeText(RpcCode code) => code == RpcCode.Ok ? "0" : ((int)code).ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads a grpc-status header; what is no known number is <see cref="RpcCode.Unknown"/>.</summary>
    public static RpcCode ParseCode(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= (int)RpcCode.Unauthenticated
            ? (RpcCode)number
            : RpcCode.Unknown;
}

/// <summary>Ends a call with a status.</summary>
public sealed class RpcException(RpcStatus status) : Exception(status.Message)
{
    public RpcException(RpcCode code, string message) : this(new RpcStatus(code, message)) { }

    public RpcStatus Status { get; } = status;
}
