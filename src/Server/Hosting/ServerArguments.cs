using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AuthzGraph.Graph;

namespace AuthzGraph.Server.Hosting;

/// <summary>The command line of the server on its own.</summary>
internal static class ServerArguments
{
    public const string Usage =
        """
        usage: --data DIR [--port N] [--http-port N] [--load FOLDER]

          --data DIR        where the store is, or will be made
          --port N          the port of gRPC; 50051
          --http-port N     the port of JSON over HTTP; 8080
          --load FOLDER     a store without a schema gets FOLDER/schema.authz and FOLDER/relationships.txt
        """;

    /// <summary>Reads the arguments; false, and a sentence about the first that is wrong, when they are not right.</summary>
    public static bool TryParse(string[] args, [NotNullWhen(true)] out ServerOptions? options, out string problem)
    {
        (options, problem) = (null, "--data is missing");
        string? data = null;
        var read = new ServerOptions { Storage = new StorageLocation.Memory() };
        for (int i = 0; i < args.Length; i += 2)
        {
            problem = $"{args[i]} needs a value";
            if (i + 1 == args.Length) return false;
            string value = args[i + 1];
            problem = $"{args[i]} {value} is not understood";
            switch (args[i])
            {
                case "--data": data = value; break;
                case "--load": read = read with { LoadFolder = value }; break;
                case "--port" when TryParsePort(value, out int port): read = read with { GrpcPort = port }; break;
                case "--http-port" when TryParsePort(value, out int port): read = read with { HttpPort = port }; break;
                default: return false;
            }
            problem = "--data is missing";
        }
        if (data is null) return false;
        options = read with { Storage = new StorageLocation.Directory(data) };
        return true;
    }

    private static bool TryParsePort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;
}
